package phy

import "time"

// Offload implements Offloader: what PipeConfig said.
func (e *SharedPipeEnd) Offload() Offload { return e.offload }

// ReceiveSuper implements Offloader.
func (e *SharedPipeEnd) ReceiveSuper(time.Time) ([]byte, FrameInfo, error) { return e.receiveSuper() }

func (e *SharedPipeEnd) receiveSuper() ([]byte, FrameInfo, error) {
	if e.cut.pending() { // its rest lies in the frame before the next one
		return e.cut.next(), FrameInfo{}, nil
	}
	l := e.in
	l.mu.Lock()
	frame, info, err := l.receiveInfo()
	l.received(frame != nil)
	l.mu.Unlock()
	return frame, info, err
}

// SendSuper implements Offloader.
func (e *SharedPipeEnd) SendSuper(_ time.Time, n int, info FrameInfo) error {
	l := e.out
	fits := e.offload.fits(n, e.frameMax(), &info)
	l.mu.Lock()
	defer l.mu.Unlock()
	if fits != nil && l.building != none && !l.closed {
		l.send(0) // its buffer is given back
		return fits
	}
	err := l.sendInfo(n, info)
	l.sent()
	return err
}
