package phy

import "time"

// Offload implements Offloader: what the device under the capture has, 0 when it is no Offloader.
func (d *CaptureDevice) Offload() Offload {
	if d.super == nil {
		return 0
	}
	return d.super.Offload()
}

// ReceiveSuper implements Offloader. A super-segment is captured as the one long packet that it is, with a whole
// checksum.
func (d *CaptureDevice) ReceiveSuper(now time.Time) ([]byte, FrameInfo, error) {
	if d.super == nil {
		frame, err := d.Receive(now)
		return frame, FrameInfo{}, err
	}
	frame, info, err := d.super.ReceiveSuper(now)
	if frame != nil {
		d.packet(now, frame, &info, inbound)
	}
	return frame, info, err
}

// BufferSuper implements Offloader.
func (d *CaptureDevice) BufferSuper(n int) []byte {
	if d.super == nil {
		return d.Buffer(n)
	}
	d.filling = d.super.BufferSuper(n)
	return d.filling
}

// SendSuper implements Offloader. It captures as Send and ReceiveSuper do.
func (d *CaptureDevice) SendSuper(now time.Time, n int, info FrameInfo) error {
	if d.super == nil {
		if info != (FrameInfo{}) {
			return ErrFrameInfo
		}
		return d.Send(now, n)
	}
	if n > 0 && n <= len(d.filling) && !d.closed {
		d.packet(now, d.filling[:n], &info, outbound)
	}
	d.filling = nil
	return d.super.SendSuper(now, n, info)
}

// packet captures a frame. Who reads the capture should not take a checksum for wrong that was only left for later.
func (d *CaptureDevice) packet(now time.Time, frame []byte, info *FrameInfo, direction uint32) {
	at := int(info.ChecksumStart) + int(info.ChecksumOffset)
	if info.Checksum != ChecksumPartial || at+2 > len(frame) {
		d.out.packet(now, frame, d.snapLen, direction)
		return
	}
	partial := [2]byte(frame[at:])
	CompleteChecksum(frame, info)
	d.out.packet(now, frame, d.snapLen, direction)
	copy(frame[at:], partial[:])
}
