package simnet

import (
	"math/rand/v2"
	"time"
)

// Path is what happens to the frames of one direction. The zero Path delivers each frame at once and unharmed. Chances
// are 0..1, drawn for each frame.
type Path struct {
	Delay  time.Duration // from the end of sending to arrival
	Jitter time.Duration // at most so much more, at random; frames keep their order
	Rate   int64         // bits per second; 0: no limit, and no queue

	// A frame that finds the queue before Rate full is lost, as in a router; with Refuse it is not taken in the first
	// place, as by a network card. 0: DefaultQueueBytes, and no bound on the number.
	QueueBytes  int
	QueueFrames int
	Refuse      bool

	Loss         float64       // chance that a frame is lost
	LossBurst    float64       // losses come in bursts of this mean length (Gilbert's model); up to 1: each for itself
	Corrupt      float64       // chance that one byte is changed
	Duplicate    float64       // chance that a frame arrives twice
	Echo         time.Duration // the second time so much later at most, at random; 0: one right after the other
	Reorder      float64       // chance that a frame is held back, and others overtake it
	ReorderDelay time.Duration // by so much at most; 0: DefaultReorderDelay
}

// Defaults of Path.
const (
	DefaultQueueBytes   = 256 << 10
	DefaultReorderDelay = 5 * time.Millisecond
)

// PathCount counts the frames of one direction.
type PathCount struct {
	Sent, Delivered, Lost, Overflowed, Corrupted, Duplicated, Reordered int
	Bytes                                                               int64 // delivered
}

// direction is a Path at work, between a sender and to.
type direction struct {
	Path
	w       *World
	to      target
	rng     *rand.Rand
	busy    time.Duration   // until when the frames that were taken keep the sender busy
	leaving []time.Duration // when each of those leaves the queue, earliest first
	lastDue time.Duration   // of the frames that keep their order
	inBurst bool
	cut     bool // nothing passes
	PathCount
}

func newDirection(w *World, p Path, to target) *direction {
	if p.QueueBytes <= 0 {
		p.QueueBytes = DefaultQueueBytes
	}
	if p.ReorderDelay <= 0 {
		p.ReorderDelay = DefaultReorderDelay
	}
	return &direction{Path: p, w: w, to: to, rng: w.Rand()}
}

// full reports whether the queue has no place for n bytes. One frame always finds a place in an empty queue.
func (d *direction) full(n int) bool {
	if d.Rate <= 0 || d.busy <= d.w.now {
		return false
	}
	gone := 0
	for gone < len(d.leaving) && d.leaving[gone] <= d.w.now {
		gone++
	}
	d.leaving = append(d.leaving[:0], d.leaving[gone:]...)
	waiting := int64(float64(d.busy-d.w.now) * float64(d.Rate) / (8 * float64(time.Second)))
	return waiting+int64(n) > int64(d.QueueBytes) || d.QueueFrames > 0 && len(d.leaving) >= d.QueueFrames
}

// send takes a frame.
func (d *direction) send(f *frame) {
	d.Sent++
	switch {
	case d.cut || d.lose():
		d.Lost++
		d.w.frames.put(f)
		return
	case d.full(len(f.b)):
		d.Overflowed++
		d.w.frames.put(f)
		return
	}
	if d.chance(d.Corrupt) {
		d.corrupt(f)
	}
	if d.chance(d.Duplicate) {
		d.Duplicated++
		d.schedule(d.w.frames.clone(f), d.Echo)
	}
	d.schedule(f, 0)
}

// corrupt changes a byte of a frame to which that has not happened before.
func (d *direction) corrupt(f *frame) {
	at, change := d.rng.IntN(len(f.b)), byte(1+d.rng.IntN(255))
	if !f.damaged {
		d.Corrupted++
		f.damaged = true
		f.b[at] ^= change
	}
}

// schedule decides when a frame arrives, which may be up to late after its turn.
func (d *direction) schedule(f *frame, late time.Duration) {
	due := d.w.now
	if d.Rate > 0 {
		d.busy = max(d.busy, d.w.now) + time.Duration(int64(len(f.b))*8*int64(time.Second)/d.Rate)
		d.leaving = append(d.leaving, d.busy)
		due = d.busy
	}
	due = max(due+d.Delay+d.upTo(d.Jitter), d.lastDue)
	switch {
	case late > 0:
		due += d.upTo(late)
	case d.chance(d.Reorder):
		d.Reordered++
		due += 1 + d.upTo(d.ReorderDelay)
	default:
		d.lastDue = due
	}
	d.w.events.push(due, d, f)
}

// arrive implements target: a frame has come through.
func (d *direction) arrive(f *frame) {
	d.Delivered++
	d.Bytes += int64(len(f.b))
	d.to.arrive(f)
}

// lose draws whether a frame is lost. In a burst every frame is; it ends with the chance 1/LossBurst, and begins with
// the one that makes the share of lost frames Loss.
func (d *direction) lose() bool {
	if d.LossBurst <= 1 || d.Loss <= 0 || d.Loss >= 1 {
		return d.chance(d.Loss)
	}
	if d.inBurst {
		d.inBurst = !d.chance(1 / d.LossBurst)
	} else {
		d.inBurst = d.chance(d.Loss / (1 - d.Loss) / d.LossBurst)
	}
	return d.inBurst
}

func (d *direction) chance(c float64) bool { return c > 0 && d.rng.Float64() < c }

func (d *direction) upTo(t time.Duration) time.Duration {
	if t <= 0 {
		return 0
	}
	return time.Duration(d.rng.Int64N(int64(t) + 1))
}
