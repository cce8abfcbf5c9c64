package simnet

import (
	"time"

	"smoltls/phy"
)

// Bridge is an end of a link that belongs to somebody outside of the world: what a device of the system receives comes
// in, and what arrives leaves by it.
type Bridge struct {
	Refused int // frames that the device would not take

	w   *World
	dev phy.Device
	out *direction
}

// bridgeBatch bounds the frames that come in between two looks at the clock.
const bridgeBatch = 64

// Bridge makes an end of a link of a device. The world must run by [World.Live].
func (w *World) Bridge(dev phy.Device) *Bridge {
	b := &Bridge{w: w, dev: dev}
	w.bridges = append(w.bridges, b)
	return b
}

func (b *Bridge) attach(out *direction) { b.out = out }

// arrive implements target.
func (b *Bridge) arrive(f *frame) {
	buf := b.dev.Buffer(len(f.b))
	copy(buf, f.b)
	if buf == nil || b.dev.Send(b.w.Now(), len(f.b)) != nil {
		b.Refused++
	}
	b.w.frames.put(f)
}

// poll takes what the device has received. more: there may be more.
func (b *Bridge) poll() (more bool, err error) {
	for range bridgeBatch {
		p, err := b.dev.Receive(b.w.Now())
		if err != nil || p == nil {
			return false, err
		}
		f := b.w.frames.get(len(p))
		copy(f.b, p)
		b.out.send(f)
	}
	return true, nil
}

// Live runs the world by the real clock, for d or until done reports true: its first moment is now. What bridges bring
// comes when it comes, so that no two runs are alike, and a machine that is busy otherwise makes the world late. A node
// that asks to be polled again and again is polled.
func (w *World) Live(d time.Duration, done func() bool) error {
	start := time.Now().Add(-w.now)
	end := w.now + d
	var devs []phy.Device
	for _, b := range w.bridges {
		devs = append(devs, b.dev)
	}
	for {
		w.now = time.Since(start)
		more, err := w.live()
		if err != nil {
			return w.fail(err)
		}
		if w.now >= end || done() {
			return nil
		}
		until := end
		if next, ok := w.next(); ok {
			until = min(until, next)
		}
		if more || until <= w.now {
			continue
		}
		if err := phy.WaitAny(start.Add(until), devs...); err != nil {
			return w.fail(err)
		}
	}
}

// live does what is due now.
func (w *World) live() (more bool, err error) {
	for _, b := range w.bridges {
		again, err := b.poll()
		if err != nil {
			return false, err
		}
		more = more || again
	}
	w.deliver()
	now := w.Now()
	for _, m := range w.nodes {
		if at := m.PollAt(now); !at.IsZero() && !at.After(now) {
			w.Polls++
			if _, err := m.Poll(now); err != nil {
				return false, err
			}
		}
	}
	w.deliver()
	return more, nil
}
