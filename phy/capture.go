package phy

import (
	"errors"
	"io"
	"time"
)

// CaptureOptions says how to write a capture. The zero value keeps every frame whole.
type CaptureOptions struct {
	// Interface is the interface's name in the capture. Empty: the device's, or its medium.
	Interface string
	// SnapLen is how many bytes of each frame are kept, brought into 1..DefaultSnapLen.
	// Zero: DefaultSnapLen, which is longer than every frame.
	SnapLen int
}

// DefaultSnapLen is how many bytes of a frame a capture keeps unless told otherwise.
const DefaultSnapLen = 1 << 18

// CaptureDevice is a Device whose frames are also written to a pcapng file; see Capture.
type CaptureDevice struct {
	dev     Device
	super   Offloader // dev, if it is one
	out     pcapngWriter
	snapLen int
	filling []byte // the last Buffer
	closed  bool
}

// Capture returns a device that writes to w, in the pcapng format, every frame that goes through
// dev: its time is the now given to Receive and Send, to the nanosecond, and its direction is noted. It
// shows what its user sees: over a fault injector what the faults left, under it what they were given.
//
// What is captured is gathered, at most 1 MiB, and passed to w when the device waits, is flushed, or is
// closed. An error of w ends the capture and not the traffic: see Err. Close does not close w. The
// error returned here is that of writing the file's header.
func Capture(dev Device, w io.Writer, o CaptureOptions) (*CaptureDevice, error) {
	d := &CaptureDevice{dev: dev, snapLen: within(o.SnapLen, DefaultSnapLen, 1, DefaultSnapLen)}
	d.super, _ = dev.(Offloader)
	name := o.Interface
	if n, ok := dev.(interface{ Name() string }); ok && name == "" {
		name = n.Name()
	}
	if name == "" {
		name = dev.Medium().String()
	}
	if err := d.out.begin(w, dev.Medium(), name, d.snapLen); err != nil {
		return nil, err
	}
	return d, nil
}

// KeyLog returns a writer for TLS secrets in the NSS key log format, as tls.Config.KeyLogWriter has
// it. Its lines go into the capture, before the packets of the same poll, where Wireshark finds them
// and shows the connections decrypted: whoever has the file can read them. Unlike the device it may be
// used by several goroutines. It never fails; see Err. A line longer than MaxKeyLogLine bytes ends the
// capture.
func (d *CaptureDevice) KeyLog() io.Writer { return &keyLog{out: &d.out} }

// Err returns the first error of the capture, which ended it, or nil.
func (d *CaptureDevice) Err() error { return d.out.failure() }

// Flush passes everything captured on to the writer.
func (d *CaptureDevice) Flush() error { return d.out.flush() }

// Medium implements Device.
func (d *CaptureDevice) Medium() Medium { return d.dev.Medium() }

// MTU implements Device.
func (d *CaptureDevice) MTU() int { return d.dev.MTU() }

// Receive implements Device.
func (d *CaptureDevice) Receive(now time.Time) ([]byte, error) {
	frame, err := d.dev.Receive(now)
	if frame != nil {
		d.out.packet(now, frame, d.snapLen, inbound)
	}
	return frame, err
}

// Buffer implements Device.
func (d *CaptureDevice) Buffer(n int) []byte {
	d.filling = d.dev.Buffer(n)
	return d.filling
}

// Send implements Device. The frame is captured before the device sends it, so also if that fails.
func (d *CaptureDevice) Send(now time.Time, n int) error {
	if n > 0 && n <= len(d.filling) && !d.closed {
		d.out.packet(now, d.filling[:n], d.snapLen, outbound)
	}
	d.filling = nil
	return d.dev.Send(now, n)
}

// PollAt implements Device.
func (d *CaptureDevice) PollAt() time.Time { return d.dev.PollAt() }

// Wait implements Device. It flushes first, so that the file is up to date whenever nothing happens.
func (d *CaptureDevice) Wait(until time.Time) error {
	d.out.flush()
	return d.dev.Wait(until)
}

// Wake implements Waker.
func (d *CaptureDevice) Wake() { wake(d.dev) }

// Close implements Device. It flushes, and returns the error of the capture, if there was one, joined
// with that of closing the device.
func (d *CaptureDevice) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	flushErr := d.out.flush()
	return errors.Join(d.dev.Close(), flushErr)
}
