package phy

import "time"

// Offload implements Offloader: what PipeConfig said.
func (e *PipeEnd) Offload() Offload { return e.offload }

// ReceiveSuper implements Offloader.
func (e *PipeEnd) ReceiveSuper(time.Time) ([]byte, FrameInfo, error) { return e.receiveSuper() }

func (e *PipeEnd) receiveSuper() ([]byte, FrameInfo, error) {
	switch {
	case e.cut.pending(): // its rest lies in the frame before the next one
		return e.cut.next(), FrameInfo{}, nil
	case e.offload != 0:
		return e.in.receiveInfo()
	}
	frame, err := e.in.receive()
	return frame, FrameInfo{}, err
}

// BufferSuper implements Offloader.
func (e *PipeEnd) BufferSuper(n int) []byte { return e.out.buffer(n) }

// SendSuper implements Offloader.
func (e *PipeEnd) SendSuper(now time.Time, n int, info FrameInfo) error {
	if err := e.offload.fits(n, e.frameMax(), &info); err != nil && e.out.building != none && !e.out.closed {
		e.out.send(0) // its buffer is given back
		return err
	}
	if e.offload == 0 {
		return e.out.send(n)
	}
	return e.out.sendInfo(n, info)
}
