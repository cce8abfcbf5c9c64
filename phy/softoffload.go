package phy

import "time"

// SoftOffloadDevice is an Offloader over a device that has no offload: see SoftOffload.
type SoftOffloadDevice struct {
	dev      Device
	frameMax int

	out     []byte // what BufferSuper gives
	asked   int    // length of the BufferSuper that waits for its SendSuper, or 0
	whole   []byte // one packet of out that did not go out yet,
	cut     cutter // or what is left of many
	retryAt time.Time

	in     coalescer
	held   []byte // received, and not given yet
	failed error  // likewise
}

// SoftOffload gives dev what it lacks: super-segments that are sent are cut at the last step before it, and TCP packets
// that wait there, and follow each other, are put together. The stack above does its work once for as many as 64 KiB.
// It costs a copy in each direction, which is about what it saves the stack of this module: it is for tests of what
// offload does, and for stacks and wrappers above that do more for each packet. A device that has offload of its own is
// better.
//
// What dev takes no more of is kept, one super-segment at most, and BufferSuper and Buffer answer nil until that is
// out.
func SoftOffload(dev Device) *SoftOffloadDevice {
	return &SoftOffloadDevice{dev: dev, frameMax: dev.MTU() + dev.Medium().HeaderLen()}
}

// Offload implements Offloader: all there is.
func (d *SoftOffloadDevice) Offload() Offload {
	return OffloadChecksum | OffloadTSO4 | OffloadTSO6 | OffloadECN
}

// Medium implements Device.
func (d *SoftOffloadDevice) Medium() Medium { return d.dev.Medium() }

// MTU implements Device.
func (d *SoftOffloadDevice) MTU() int { return d.dev.MTU() }

// Receive implements Device.
func (d *SoftOffloadDevice) Receive(now time.Time) ([]byte, error) {
	d.flush(now)
	return d.next(now)
}

// next gives the next frame as it came.
func (d *SoftOffloadDevice) next(now time.Time) (frame []byte, err error) {
	if frame, err = d.held, d.failed; frame != nil || err != nil {
		d.held, d.failed = nil, nil
		return frame, err
	}
	return d.dev.Receive(now)
}

// ReceiveSuper implements Offloader.
func (d *SoftOffloadDevice) ReceiveSuper(now time.Time) ([]byte, FrameInfo, error) {
	d.flush(now)
	frame, err := d.next(now)
	if err != nil || frame == nil || !d.in.begin(frame, d.Medium()) {
		return frame, FrameInfo{}, err
	}
	for {
		frame, err := d.dev.Receive(now)
		if frame == nil || err != nil || !d.in.add(frame, d.Medium()) {
			d.held, d.failed = frame, err
			break
		}
	}
	frame, info := d.in.take()
	return frame, info, nil
}

// Buffer implements Device.
func (d *SoftOffloadDevice) Buffer(n int) []byte {
	if d.pending() {
		return nil
	}
	return d.dev.Buffer(n)
}

// Send implements Device.
func (d *SoftOffloadDevice) Send(now time.Time, n int) error { return d.dev.Send(now, n) }

// BufferSuper implements Offloader.
func (d *SoftOffloadDevice) BufferSuper(n int) []byte {
	if d.pending() || n < 1 || n > MaxSuperFrame {
		return nil
	}
	if d.out == nil {
		d.out = make([]byte, MaxSuperFrame)
	}
	d.asked = n
	return d.out[:n:n]
}

// pending reports whether something did not go out yet.
func (d *SoftOffloadDevice) pending() bool { return d.whole != nil || d.cut.pending() }

// SendSuper implements Offloader.
func (d *SoftOffloadDevice) SendSuper(now time.Time, n int, info FrameInfo) error {
	asked := d.asked
	d.asked = 0
	switch {
	case asked == 0:
		return ErrNoBuffer
	case n < 1 || n > asked:
		return ErrFrameLength
	}
	if err := d.Offload().fits(n, d.frameMax, &info); err != nil {
		return err
	}
	whole, ok := d.cut.take(d.out[:n], &info, d.Medium())
	if !ok || whole == nil && d.cut.nextLen() > d.frameMax { // such packets dev would refuse for ever
		d.cut.frame = nil
		return ErrFrameInfo
	}
	d.whole = whole
	return d.flush(now)
}

// flush sends what is left of a super-segment, as far as the device takes it. A packet that the device fails to send is
// lost like any other.
func (d *SoftOffloadDevice) flush(now time.Time) (err error) {
	d.retryAt = time.Time{}
	for d.pending() {
		n := len(d.whole)
		if d.whole == nil {
			n = d.cut.nextLen()
		}
		b := d.dev.Buffer(n)
		if b == nil {
			d.retryAt = now.Add(faultRetry)
			return err
		}
		if d.whole != nil {
			copy(b, d.whole)
			d.whole = nil
		} else {
			d.cut.put(b)
		}
		if sendErr := d.dev.Send(now, n); err == nil {
			err = sendErr
		}
	}
	return err
}

// PollAt implements Device.
func (d *SoftOffloadDevice) PollAt() time.Time {
	if d.held != nil || d.failed != nil {
		return Immediate
	}
	return earlier(d.retryAt, d.dev.PollAt())
}

// Wait implements Device.
func (d *SoftOffloadDevice) Wait(until time.Time) error {
	if d.held != nil || d.failed != nil {
		return nil
	}
	return d.dev.Wait(earlier(until, d.retryAt))
}

// Wake implements Waker.
func (d *SoftOffloadDevice) Wake() { wake(d.dev) }

// Close implements Device. What was not sent is lost.
func (d *SoftOffloadDevice) Close() error {
	d.whole, d.cut.frame, d.held, d.failed = nil, nil, nil, nil
	return d.dev.Close()
}
