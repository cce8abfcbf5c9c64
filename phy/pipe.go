package phy

import (
	"time"
)

// PipeConfig describes an in-memory pipe. The zero value is an Ethernet with an MTU of 1,500.
type PipeConfig struct {
	// Medium is what the frames are. Zero: MediumEthernet.
	Medium Medium
	// MTU is the largest IP packet in bytes, brought into MinMTU..MaxMTU. Zero: DefaultMTU.
	MTU int
	// Queue is how many frames may wait in each direction before Buffer answers nil, brought into
	// 1..MaxPipeQueue. Zero: DefaultPipeQueue. Memory for a frame is taken when the queue first
	// becomes that long; at most Queue+2 frames of MTU+Medium.HeaderLen bytes in each direction.
	Queue int
	// Offload is what both ends take and give: with it they are Offloaders, and their frames take MaxSuperFrame bytes
	// of memory each.
	Offload Offload
}

// The default and the largest value of PipeConfig.Queue, in frames.
const (
	DefaultPipeQueue = 256
	MaxPipeQueue     = 1 << 16
)

func (c PipeConfig) withDefaults() PipeConfig {
	if c.Medium != MediumIP {
		c.Medium = MediumEthernet
	}
	c.MTU = within(c.MTU, DefaultMTU, MinMTU, MaxMTU)
	c.Queue = within(c.Queue, DefaultPipeQueue, 1, MaxPipeQueue)
	return c
}

// frameMax is how long a frame of any form can be.
func (c PipeConfig) frameMax() int {
	if c.Offload != 0 {
		return MaxSuperFrame
	}
	return c.MTU + c.Medium.HeaderLen()
}

// PipeEnd is one end of an in-memory pipe made by NewPipe. Both ends belong to the same goroutine.
type PipeEnd struct {
	in, out *lane
	mtu     int
	medium  Medium
	offload Offload
	cut     cutter
	link    *pipeLink
}

// pipeLink is what the ends of a pipe have in common.
type pipeLink struct {
	lanes [2]lane
	wake  chan struct{}
	timer *time.Timer
}

// NewPipe makes a pipe in memory and returns its two ends, which one goroutine drives by contract:
// nothing in it is locked. What one end builds in its Buffer is, without a copy, what the other
// end receives. Use NewSharedPipe when each end has a goroutine of its own.
//
// Closing an end closes the pipe: the other end receives what was sent before, then ErrClosed.
func NewPipe(c PipeConfig) (*PipeEnd, *PipeEnd) {
	c = c.withDefaults()
	l := &pipeLink{wake: make(chan struct{}, 1)}
	for i := range l.lanes {
		l.lanes[i].init(c.frameMax(), c.Queue)
		if c.Offload != 0 {
			l.lanes[i].withInfo()
		}
	}
	a := &PipeEnd{in: &l.lanes[0], out: &l.lanes[1], mtu: c.MTU, medium: c.Medium, offload: c.Offload, link: l}
	b := &PipeEnd{in: &l.lanes[1], out: &l.lanes[0], mtu: c.MTU, medium: c.Medium, offload: c.Offload, link: l}
	return a, b
}

// Medium implements Device.
func (e *PipeEnd) Medium() Medium { return e.medium }

// MTU implements Device.
func (e *PipeEnd) MTU() int { return e.mtu }

// Receive implements Device.
func (e *PipeEnd) Receive(time.Time) ([]byte, error) {
	if e.offload != 0 {
		return e.cut.receive(e.medium, e)
	}
	return e.in.receive()
}

// Buffer implements Device.
func (e *PipeEnd) Buffer(n int) []byte {
	if e.offload != 0 && n > e.frameMax() {
		return nil
	}
	return e.out.buffer(n)
}

// Send implements Device.
func (e *PipeEnd) Send(_ time.Time, n int) error {
	if e.offload != 0 {
		return e.out.sendInfo(n, FrameInfo{})
	}
	return e.out.send(n)
}

// frameMax is the length of the longest ordinary frame.
func (e *PipeEnd) frameMax() int { return e.mtu + e.medium.HeaderLen() }

// waiting reports whether a frame can be received.
func (e *PipeEnd) waiting() bool { return e.in.waiting() || e.cut.pending() }

// PollAt implements Device: Immediate when a frame waits.
func (e *PipeEnd) PollAt() time.Time {
	if e.waiting() {
		return Immediate
	}
	return time.Time{}
}

// Wait implements Device. Since both ends belong to one goroutine, a frame that waits at either
// end ends it: nobody else could take that frame meanwhile. When none waits, only the clock or
// Wake can end it, so without a limit it returns ErrNeverWakes.
func (e *PipeEnd) Wait(until time.Time) error {
	l := e.link
	switch {
	case e.waiting():
		return nil
	case e.in.closed:
		return ErrClosed
	case e.out.waiting():
		return nil
	case until.IsZero():
		select {
		case <-l.wake:
			return nil
		default:
			return ErrNeverWakes
		}
	}
	sleep(&l.timer, until, l.wake)
	return nil
}

// Wake implements Waker, for both ends.
func (e *PipeEnd) Wake() { signal(e.link.wake) }

// Close implements Device.
func (e *PipeEnd) Close() error {
	e.in.close()
	e.out.close()
	e.in.drain()
	return nil
}
