package simnet

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"time"

	"smoltls/phy"
)

// Epoch is when every world begins.
var Epoch = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// What a world finds wrong with its nodes. The error says which node, when, and what each of them says of itself.
var (
	ErrPast  = errors.New("simnet: PollAt names the past though the node was just polled")
	ErrSpin  = errors.New("simnet: a node wants to be polled again and again while nothing happens")
	ErrStuck = errors.New("simnet: nobody has anything to do, and the work is not done")
	ErrLate  = errors.New("simnet: not done in time")
)

// Bounds of what may happen while the clock stands still.
const (
	maxIdlePolls = 3       // polls of one node, one after the other, in which nothing happened
	maxRounds    = 1 << 20 // of all nodes
)

// Node is what a world drives: a stack and its application. A node that is a fmt.Stringer too tells of itself when a
// run fails.
type Node interface {
	// Poll does what there is to do. worked: something happened, such as a frame that was received or sent.
	Poll(now time.Time) (worked bool, err error)
	// PollAt is when it wants to be polled though no frame arrives: not after now at once, zero not at all.
	PollAt(now time.Time) time.Time
}

// World is a network and its clock. It belongs to one goroutine; different worlds share nothing.
type World struct {
	Polls int // how often nodes were polled
	Idle  int // of these, polls in which nothing happened

	seed    uint64
	drawn   uint64        // streams of random numbers given out
	now     time.Duration // since Epoch
	events  events
	frames  framePool
	nodes   []*member
	ports   []*Port
	bridges []*Bridge
	trace   uint64        // of everything that happened: two runs of one seed agree
	remark  func() string // added to errors; nil: nothing
}

type member struct {
	Node
	idle int // polls in which nothing happened, since something did
}

// New makes an empty world in which everything follows from seed.
func New(seed uint64) *World { return &World{seed: seed} }

// Seed is what New was given.
func (w *World) Seed() uint64 { return w.seed }

// Now is the time in the world.
func (w *World) Now() time.Time { return Epoch.Add(w.now) }

// Elapsed is how long the world has run, by its own clock.
func (w *World) Elapsed() time.Duration { return w.now }

// castagnoli has an instruction of its own on most processors: to look at every frame costs next to nothing.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Trace is a fingerprint of what happened so far: when each frame and timer came, in which order, and every byte of
// every frame. Runs of one seed have the same.
func (w *World) Trace() uint64 { return w.trace }

// Rand gives a stream of random numbers of its own to whoever asks: the draws of one don't move those of another.
func (w *World) Rand() *rand.Rand {
	w.drawn++
	return rand.New(rand.NewPCG(w.seed, w.drawn))
}

// Add lets the world drive n.
func (w *World) Add(n Node) { w.nodes = append(w.nodes, &member{Node: n}) }

// After calls f when d has passed, before nodes are polled at that time.
func (w *World) After(d time.Duration, f func()) { w.events.push(w.now+max(d, 0), timer(f), nil) }

// Run lets time pass until done reports true, for limit of virtual time at most. The error is that of a node, or
// [ErrPast], [ErrSpin], [ErrStuck] or [ErrLate].
func (w *World) Run(limit time.Duration, done func() bool) error {
	end := w.now + limit
	for {
		if err := w.settle(); err != nil {
			return err
		}
		if done() {
			return nil
		}
		next, ok := w.next()
		switch {
		case !ok:
			return w.fail(ErrStuck)
		case next > end:
			return w.fail(ErrLate)
		}
		w.now = next
	}
}

// Rest lets time pass until nothing is left to happen: no frame on its way, no node with a deadline. It is [ErrLate] if
// that takes longer than limit.
func (w *World) Rest(limit time.Duration) error {
	err := w.Run(limit, func() bool {
		_, more := w.next()
		return !more
	})
	if err == nil && w.frames.out != w.held() {
		return w.fail(fmt.Errorf("simnet: %d frames are out, ports hold %d", w.frames.out, w.held()))
	}
	return err
}

// held is how many frames lie in ports.
func (w *World) held() (n int) {
	for _, p := range w.ports {
		n += p.held()
	}
	return n
}

// settle does everything that is due now.
func (w *World) settle() error {
	for range maxRounds {
		w.deliver()
		quiet := true
		for _, m := range w.nodes {
			polled, err := w.poll(m)
			if err != nil {
				return w.fail(err)
			}
			quiet = quiet && !polled
		}
		if at, ok := w.events.next(); quiet && (!ok || at > w.now) {
			return nil
		}
	}
	return w.fail(ErrSpin)
}

// deliver lets every event happen that is due.
func (w *World) deliver() {
	for at, ok := w.events.next(); ok && at <= w.now; at, ok = w.events.next() {
		e := w.events.pop()
		content := uint32(1)
		if e.f != nil {
			content = crc32.Checksum(e.f.b, castagnoli)
		}
		w.trace = (w.trace ^ uint64(e.at) ^ uint64(content)<<32) * 0x9e3779b97f4a7c15
		e.to.arrive(e.f)
	}
}

// poll polls a node if it wants that.
func (w *World) poll(m *member) (polled bool, err error) {
	now := w.Now()
	at := m.PollAt(now)
	if at.IsZero() || at.After(now) {
		m.idle = 0
		return false, nil
	}
	switch {
	case m.idle > 0 && at.Before(now) && !at.Equal(phy.Immediate):
		return false, fmt.Errorf("%w: it says %v", ErrPast, at.Sub(now))
	case m.idle >= maxIdlePolls:
		return false, ErrSpin
	}
	w.Polls++
	worked, err := m.Poll(now)
	if worked {
		m.idle = 0
	} else {
		m.idle++
		w.Idle++
	}
	return true, err
}

// next is the earliest time at which something happens.
func (w *World) next() (at time.Duration, ok bool) {
	at, ok = w.events.next()
	now := w.Now()
	for _, m := range w.nodes {
		t := m.PollAt(now)
		if t.IsZero() {
			continue
		}
		if d := max(t.Sub(Epoch), w.now); !ok || d < at {
			at, ok = d, true
		}
	}
	return at, ok
}

// fail adds to err when it happened, and what the nodes say of themselves.
func (w *World) fail(err error) error {
	var b strings.Builder
	for _, m := range w.nodes {
		if s, ok := m.Node.(fmt.Stringer); ok {
			fmt.Fprintf(&b, "\n%v", s)
		}
	}
	if w.remark != nil {
		b.WriteString(w.remark())
	}
	return fmt.Errorf("after %v, %d polls: %w%s", w.now, w.Polls, err, b.String())
}
