package phy

import (
	"sync"
	"time"
)

// SharedPipeEnd is one end of an in-memory pipe made by NewSharedPipe. Each end belongs to a goroutine
// of its own.
type SharedPipeEnd struct {
	in, out *sharedLane
	mtu     int
	medium  Medium
	offload Offload
	cut     cutter
	wake    chan struct{}
	timer   *time.Timer
}

// sharedLane is a lane that two goroutines use, and how to wake either of them.
type sharedLane struct {
	mu sync.Mutex
	lane
	readerWaits bool            // the receiver sleeps until there is a frame
	reader      chan<- struct{} // wakes it
	writer      chan<- struct{} // wakes the sender, after a refusal
}

// NewSharedPipe makes a pipe like NewPipe whose ends are driven by two goroutines: Wait sleeps until
// the other one sends, or has made room again after a refusal.
func NewSharedPipe(c PipeConfig) (*SharedPipeEnd, *SharedPipeEnd) {
	c = c.withDefaults()
	a := &SharedPipeEnd{mtu: c.MTU, medium: c.Medium, offload: c.Offload, wake: make(chan struct{}, 1)}
	b := &SharedPipeEnd{mtu: c.MTU, medium: c.Medium, offload: c.Offload, wake: make(chan struct{}, 1)}
	ab := &sharedLane{reader: b.wake, writer: a.wake}
	ba := &sharedLane{reader: a.wake, writer: b.wake}
	for _, l := range [...]*sharedLane{ab, ba} {
		l.init(c.frameMax(), c.Queue)
		if c.Offload != 0 {
			l.withInfo()
		}
	}
	a.in, a.out, b.in, b.out = ba, ab, ab, ba
	return a, b
}

// Medium implements Device.
func (e *SharedPipeEnd) Medium() Medium { return e.medium }

// MTU implements Device.
func (e *SharedPipeEnd) MTU() int { return e.mtu }

// Receive implements Device.
func (e *SharedPipeEnd) Receive(time.Time) ([]byte, error) {
	if e.offload != 0 {
		return e.cut.receive(e.medium, e)
	}
	l := e.in
	l.mu.Lock()
	frame, err := l.receive()
	l.received(frame != nil)
	l.mu.Unlock()
	return frame, err
}

// received tells the other end that there is room again, if it was refused and frames were taken.
func (l *sharedLane) received(taken bool) {
	if l.refused && taken {
		l.refused = false
		signal(l.writer)
	}
}

// Buffer implements Device.
func (e *SharedPipeEnd) Buffer(n int) []byte {
	if e.offload != 0 && n > e.frameMax() {
		return nil
	}
	return e.BufferSuper(n)
}

// frameMax is the length of the longest ordinary frame.
func (e *SharedPipeEnd) frameMax() int { return e.mtu + e.medium.HeaderLen() }

// BufferSuper implements Offloader.
func (e *SharedPipeEnd) BufferSuper(n int) []byte {
	e.out.mu.Lock()
	b := e.out.buffer(n)
	e.out.mu.Unlock()
	return b
}

// Send implements Device.
func (e *SharedPipeEnd) Send(_ time.Time, n int) error {
	l := e.out
	l.mu.Lock()
	err := l.sendInfo(n, FrameInfo{})
	l.sent()
	l.mu.Unlock()
	return err
}

// sent wakes the other end, if it waits for frames.
func (l *sharedLane) sent() {
	if l.readerWaits {
		l.readerWaits = false
		signal(l.reader)
	}
}

// PollAt implements Device: Immediate when a frame waits.
func (e *SharedPipeEnd) PollAt() time.Time {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if e.in.waiting() || e.cut.pending() {
		return Immediate
	}
	return time.Time{}
}

// Wait implements Device.
func (e *SharedPipeEnd) Wait(until time.Time) error {
	l := e.in
	l.mu.Lock()
	waiting, closed := l.waiting() || e.cut.pending(), l.closed
	l.readerWaits = !waiting && !closed
	l.mu.Unlock()
	switch {
	case waiting:
		return nil
	case closed:
		return ErrClosed
	}
	sleep(&e.timer, until, e.wake)
	return nil
}

// Wake implements Waker.
func (e *SharedPipeEnd) Wake() { signal(e.wake) }

// Close implements Device. It wakes the other end.
func (e *SharedPipeEnd) Close() error {
	e.in.shut(true)
	e.out.shut(false)
	return nil
}

func (l *sharedLane) shut(drain bool) {
	l.mu.Lock()
	l.close()
	if drain {
		l.drain()
	}
	signal(l.reader)
	signal(l.writer)
	l.mu.Unlock()
}

func (l *sharedLane) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}
