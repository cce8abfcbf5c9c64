package phy

import (
	"errors"
	"math/rand/v2"
	"time"
)

// FaultConfig says what a fault injector does to the frames of each direction. Each direction draws
// from a generator of its own (math/rand/v2's PCG), so that the same frames at the same times always
// meet the same fate.
type FaultConfig struct {
	Seed uint64
	In   Impairment // what Receive returns
	Out  Impairment // what Send takes
}

// FaultStats counts what a fault injector did.
type FaultStats struct {
	In, Out FaultCounters
}

// FaultDevice is a Device whose frames suffer; see Fault.
type FaultDevice struct {
	dev     Device
	in, out impairedPath
	given   int32     // the slot of the frame that the caller holds, or none
	filling int32     // the slot that the caller fills, or none
	asked   int       // its length
	retryAt time.Time // when the device that refused a frame is asked again; zero: it did not
	closed  bool
	wake    chan struct{}
	timer   *time.Timer
}

// faultRetry is how long a due frame stands back after the device under us refused it.
const faultRetry = time.Millisecond

// Fault returns a device that impairs what goes through dev. Frames wait on the clock of the now
// given to Receive and Send. A direction without impairments is passed on untouched. An impaired one
// costs a copy; its frames are held in memory that grows to what is used, at most
// Impairment.MaxFrames frames: then Buffer refuses, and dev is read no further, until frames leave.
//
// Errors of dev while it sends a frame that was held are counted, not returned: its sender has
// already gone on.
func Fault(dev Device, c FaultConfig) *FaultDevice {
	d := &FaultDevice{dev: dev, given: none, filling: none, wake: make(chan struct{}, 1)}
	frameMax := dev.MTU() + dev.Medium().HeaderLen()
	d.in.init(c.In, rand.NewPCG(c.Seed, 0), frameMax)
	d.out.init(c.Out, rand.NewPCG(c.Seed, 1), frameMax)
	return d
}

// Stats returns what was done so far.
func (d *FaultDevice) Stats() FaultStats { return FaultStats{d.in.count, d.out.count} }

// Medium implements Device.
func (d *FaultDevice) Medium() Medium { return d.dev.Medium() }

// MTU implements Device.
func (d *FaultDevice) MTU() int { return d.dev.MTU() }

// Receive implements Device.
func (d *FaultDevice) Receive(now time.Time) ([]byte, error) {
	if d.closed {
		return nil, ErrClosed
	}
	d.flush(now)
	if !d.in.active {
		return d.dev.Receive(now)
	}
	if d.given != none {
		d.in.held.release(d.given)
		d.given = none
	}
	err := d.pull(now)
	if f, ok := d.in.held.due(now); ok {
		d.in.held.pop()
		d.given = f.slot
		return d.in.held.bytes(f), nil
	}
	if errors.Is(err, ErrClosed) && !d.in.held.empty() {
		return nil, nil // what is under way still arrives
	}
	return nil, err
}

// pull takes in every frame that waits in the device, as far as there is room.
func (d *FaultDevice) pull(now time.Time) error {
	for !d.in.held.full() {
		frame, err := d.dev.Receive(now)
		if frame == nil {
			return err
		}
		slot := d.in.held.take(len(frame))
		d.in.admit(now, slot, copy(d.in.held.slots[slot], frame))
	}
	return nil
}

// Buffer implements Device.
func (d *FaultDevice) Buffer(n int) []byte {
	if !d.out.active {
		return d.dev.Buffer(n)
	}
	held := &d.out.held
	if d.closed || n < 1 || n > held.frameMax {
		return nil
	}
	if d.filling == none {
		if held.full() {
			return nil
		}
		d.filling = held.take(n)
	}
	d.asked = n
	return held.slots[d.filling][:n:n]
}

// Send implements Device.
func (d *FaultDevice) Send(now time.Time, n int) error {
	if !d.out.active {
		return d.dev.Send(now, n)
	}
	slot := d.filling
	d.filling = none
	switch {
	case d.closed:
		return ErrClosed
	case slot == none:
		return ErrNoBuffer
	case n < 1 || n > d.asked:
		d.out.held.release(slot)
		return ErrFrameLength
	}
	d.out.admit(now, slot, n)
	d.flush(now)
	return nil
}

// flush hands the device every outgoing frame that is due.
func (d *FaultDevice) flush(now time.Time) {
	d.retryAt = time.Time{}
	for {
		f, ok := d.out.held.due(now)
		if !ok {
			return
		}
		buf := d.dev.Buffer(int(f.n))
		if buf == nil {
			d.retryAt = now.Add(faultRetry)
			return
		}
		copy(buf, d.out.held.bytes(f))
		if err := d.dev.Send(now, int(f.n)); err != nil {
			d.out.count.Failed++
		}
		d.out.held.pop()
		d.out.held.release(f.slot)
	}
}

// PollAt implements Device.
func (d *FaultDevice) PollAt() time.Time {
	t := earlier(d.in.held.next(), d.nextOut())
	if d.in.active && d.in.held.full() {
		return t
	}
	return earlier(t, d.dev.PollAt())
}

// nextOut is when flush has something to do, or zero.
func (d *FaultDevice) nextOut() time.Time {
	if !d.retryAt.IsZero() {
		return d.retryAt
	}
	return d.out.held.next()
}

// Wait implements Device. It also ends when a held frame is due in either direction.
func (d *FaultDevice) Wait(until time.Time) error {
	if d.closed {
		return ErrClosed
	}
	if own := earlier(d.in.held.next(), d.nextOut()); !own.IsZero() {
		if !own.After(time.Now()) {
			return nil
		}
		until = earlier(until, own)
	}
	if d.in.active && d.in.held.full() {
		// The device may have frames waiting that there is no room for.
		sleep(&d.timer, until, d.wake)
		return nil
	}
	err := d.dev.Wait(until)
	if errors.Is(err, ErrClosed) && d.in.active && !d.in.held.empty() {
		sleep(&d.timer, until, d.wake) // what is under way still arrives
		return nil
	}
	return err
}

// Wake implements Waker.
func (d *FaultDevice) Wake() {
	signal(d.wake)
	wake(d.dev)
}

// Close implements Device. Frames still held are lost.
func (d *FaultDevice) Close() error {
	d.closed = true
	return d.dev.Close()
}
