package phy

import (
	"math/rand/v2"
	"time"
)

// Impairment is what happens to the frames of one direction. The zero value leaves them alone.
// Chances are 0..1 and drawn for each frame independently.
type Impairment struct {
	Drop      float64 // chance that a frame is lost
	Corrupt   float64 // chance that a bit, or as often a byte, of a frame is changed
	Duplicate float64 // chance that a frame arrives twice
	Reorder   float64 // chance that a frame is held back by up to ReorderDelay, and later ones overtake it

	// ReorderDelay bounds how long a reordered frame is held back. Zero: DefaultReorderDelay.
	ReorderDelay time.Duration
	// Delay is added to every frame's way. Frames keep their order, whatever Jitter says.
	Delay time.Duration
	// Jitter is the most that is added to Delay, at random for each frame.
	Jitter time.Duration
	// Rate is how many bits of frames pass in a second; what comes faster queues. Zero: no limit.
	Rate int64
	// RateQueue is how many bytes may queue for Rate; a frame that finds more is lost, as in a
	// router. Zero: DefaultRateQueue.
	RateQueue int
	// MaxFrames is how many frames may be held, brought into 2..MaxFaultFrames. Zero:
	// DefaultFaultFrames. Nothing is lost when they are: the sender is refused, or the device is
	// not read.
	MaxFrames int
}

// Defaults and bounds of Impairment. Longer times are shortened to MaxFaultDelay.
const (
	DefaultReorderDelay = 5 * time.Millisecond
	DefaultRateQueue    = 256 << 10 // bytes
	DefaultFaultFrames  = 1 << 13
	MaxFaultFrames      = 1 << 20
	MaxFaultDelay       = time.Hour
)

// FaultCounters counts what happened to the frames of one direction.
type FaultCounters struct {
	Frames     uint64 // came in
	Dropped    uint64 // lost by chance
	Corrupted  uint64
	Duplicated uint64
	Reordered  uint64
	Overflowed uint64 // lost because RateQueue was full
	Failed     uint64 // the device under the injector returned an error for them
}

// impairedPath is one direction.
type impairedPath struct {
	Impairment
	active    bool
	queueTime time.Duration // how long RateQueue bytes take
	rng       *rand.Rand
	held      heldFrames
	sending   time.Time // until when Rate's sender is busy
	lastDue   time.Time // of the frames that keep their order
	count     FaultCounters
}

func (p *impairedPath) init(c Impairment, source rand.Source, frameMax int) {
	p.active = c.Drop > 0 || c.Corrupt > 0 || c.Duplicate > 0 || c.Reorder > 0 || c.Delay > 0 || c.Jitter > 0 || c.Rate > 0
	p.Impairment = c
	for _, d := range []*time.Duration{&p.Delay, &p.Jitter, &p.ReorderDelay} {
		*d = max(0, min(*d, MaxFaultDelay))
	}
	if p.ReorderDelay == 0 {
		p.ReorderDelay = DefaultReorderDelay
	}
	p.rng = rand.New(source)
	p.held.init(frameMax, within(c.MaxFrames, DefaultFaultFrames, 2, MaxFaultFrames))
	if p.Rate > 0 {
		bits := 8 * float64(within(c.RateQueue, DefaultRateQueue, 1, 1<<30))
		p.queueTime = time.Duration(min(bits/float64(p.Rate)*float64(time.Second), float64(MaxFaultDelay)))
	}
}

// admit decides over the frame in the first n bytes of a slot, and holds it until it is due.
func (p *impairedPath) admit(now time.Time, slot int32, n int) {
	p.count.Frames++
	if p.chance(p.Drop) {
		p.count.Dropped++
		p.held.release(slot)
		return
	}
	if n > 0 && p.chance(p.Corrupt) {
		p.count.Corrupted++
		p.corrupt(p.held.slots[slot][:n])
	}
	twice := p.chance(p.Duplicate)
	if !p.hold(now, slot, n) || !twice || p.held.full() {
		return
	}
	p.count.Duplicated++
	second := p.held.take(n)
	copy(p.held.slots[second], p.held.slots[slot][:n])
	p.hold(now, second, n)
}

func (p *impairedPath) chance(c float64) bool { return c > 0 && p.rng.Float64() < c }

// corrupt changes one bit, or one byte into another.
func (p *impairedPath) corrupt(frame []byte) {
	i := p.rng.IntN(len(frame))
	if p.rng.IntN(2) == 0 {
		frame[i] ^= 1 << p.rng.IntN(8)
	} else {
		frame[i] ^= byte(1 + p.rng.IntN(255))
	}
}

// hold queues the frame for the time it is due, and reports whether there was room for it in the
// queue before the rate.
func (p *impairedPath) hold(now time.Time, slot int32, n int) bool {
	due := now
	if p.Rate > 0 {
		if p.sending.Before(now) {
			p.sending = now
		}
		if p.sending.Sub(now) > p.queueTime {
			p.count.Overflowed++
			p.held.release(slot)
			return false
		}
		p.sending = p.sending.Add(p.transmission(n))
		due = p.sending
	}
	due = due.Add(p.Delay + p.upTo(p.Jitter))
	if due.Before(p.lastDue) {
		due = p.lastDue
	}
	if p.chance(p.Reorder) {
		p.count.Reordered++
		due = due.Add(1 + p.upTo(p.ReorderDelay-1))
	} else {
		p.lastDue = due
	}
	p.held.push(due, slot, n)
	return true
}

// transmission is how long n bytes take at the rate, at most MaxFaultDelay.
func (p *impairedPath) transmission(n int) time.Duration {
	return min(time.Duration(int64(n)*8*int64(time.Second)/p.Rate), MaxFaultDelay)
}

// upTo draws a duration from 0..d.
func (p *impairedPath) upTo(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return time.Duration(p.rng.Int64N(int64(d) + 1))
}
