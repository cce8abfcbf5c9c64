package simnet

import (
	"time"

	"smoltls/phy"
)

// PortConfig describes a port. The zero value is an Ethernet's with an MTU of 1,500.
type PortConfig struct {
	Medium phy.Medium // zero: MediumEthernet
	MTU    int        // zero: phy.DefaultMTU
	Queue  int        // frames that wait to be received; what comes when there are more is lost. Zero: DefaultPortQueue
}

// DefaultPortQueue is the default of PortConfig.Queue.
const DefaultPortQueue = 4096

// Port is a station's end of a link: a phy.Device on the world's clock.
type Port struct {
	w        *World
	c        PortConfig
	out      *direction // nil: not connected
	waiting  []*frame   // arrived
	head     int
	received *frame // lent to the receiver
	filling  *frame // lent to the sender
	given    int    // bytes of filling that Buffer gave
	closed   bool

	Received, Sent, Overflowed int // frames; Overflowed: lost because Queue was full
}

// Port makes a port that is connected to nothing.
func (w *World) Port(c PortConfig) *Port {
	if c.Medium != phy.MediumIP {
		c.Medium = phy.MediumEthernet
	}
	if c.MTU <= 0 {
		c.MTU = phy.DefaultMTU
	}
	if c.Queue <= 0 {
		c.Queue = DefaultPortQueue
	}
	p := &Port{w: w, c: c}
	w.ports = append(w.ports, p)
	return p
}

func (p *Port) attach(out *direction) { p.out = out }

// held is how many of the world's frames the port has.
func (p *Port) held() int {
	n := len(p.waiting) - p.head
	for _, f := range []*frame{p.received, p.filling} {
		if f != nil {
			n++
		}
	}
	return n
}

// arrive implements target.
func (p *Port) arrive(f *frame) {
	if p.closed || len(p.waiting)-p.head >= p.c.Queue {
		p.Overflowed++
		p.w.frames.put(f)
		return
	}
	p.waiting = append(p.waiting, f)
}

// Medium implements phy.Device.
func (p *Port) Medium() phy.Medium { return p.c.Medium }

// MTU implements phy.Device.
func (p *Port) MTU() int { return p.c.MTU }

// Receive implements phy.Device.
func (p *Port) Receive(time.Time) ([]byte, error) {
	if p.closed {
		return nil, phy.ErrClosed
	}
	if p.received != nil {
		p.w.frames.put(p.received)
		p.received = nil
	}
	if p.head == len(p.waiting) {
		return nil, nil
	}
	p.received = p.waiting[p.head]
	p.head++
	if p.head == len(p.waiting) {
		p.waiting, p.head = p.waiting[:0], 0
	}
	p.Received++
	return p.received.b, nil
}

// Buffer implements phy.Device.
func (p *Port) Buffer(n int) []byte {
	if p.closed || n < 1 || n > p.c.MTU+p.c.Medium.HeaderLen() || p.out != nil && p.out.Refuse && p.out.full(n) {
		p.given = 0
		return nil
	}
	if p.filling == nil {
		p.filling = p.w.frames.get(p.c.MTU + p.c.Medium.HeaderLen())
	}
	p.given = n
	return p.filling.b[:n]
}

// Send implements phy.Device.
func (p *Port) Send(_ time.Time, n int) error {
	f, given := p.filling, p.given
	p.given = 0
	switch {
	case p.closed:
		return phy.ErrClosed
	case given == 0:
		return phy.ErrNoBuffer
	case n < 1 || n > given:
		return phy.ErrFrameLength
	}
	p.filling = nil
	f.b = f.b[:n]
	p.Sent++
	if p.out == nil {
		p.w.frames.put(f)
		return nil
	}
	p.out.send(f)
	return nil
}

// PollAt implements phy.Device. A frame on its way is not inside the device: the world delivers it.
func (p *Port) PollAt() time.Time {
	if p.head < len(p.waiting) {
		return phy.Immediate
	}
	return time.Time{}
}

// Wait implements phy.Device. Virtual time passes only when the world lets it: there is nothing to wait for.
func (p *Port) Wait(until time.Time) error {
	switch {
	case p.closed:
		return phy.ErrClosed
	case until.IsZero() && p.head == len(p.waiting):
		return phy.ErrNeverWakes
	}
	return nil
}

// Close implements phy.Device.
func (p *Port) Close() error {
	p.closed = true
	for _, f := range p.waiting[p.head:] {
		p.w.frames.put(f)
	}
	p.waiting, p.head = nil, 0
	for _, f := range []**frame{&p.received, &p.filling} {
		if *f != nil {
			p.w.frames.put(*f)
			*f = nil
		}
	}
	p.given = 0
	return nil
}
