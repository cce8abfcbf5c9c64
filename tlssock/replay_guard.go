package tlssock

import (
	"encoding/binary"
	"sync/atomic"
	"time"
)

// ReplayGuard keeps a server from accepting the early data of one ClientHello twice (RFC 8446 §8). A Config, and so its
// guard, may be used by several goroutines at once. It is asked within the poll and must not block; one that has to,
// such as one that asks a data base, goes through [GuardLater].
type ReplayGuard interface {
	// Accept reports whether the early data of h, which arrives at now, may be accepted. It must never be true twice
	// for the same h.ID, whatever else is asked in between. What is not accepted is sent again by the client after the
	// handshake: no is always safe.
	Accept(now time.Time, h EarlyHello) bool
}

// EarlyHello is what a [ReplayGuard] is told of a ClientHello with early data.
type EarlyHello struct {
	ID       [32]byte  // its own, made of the binder of its pre-shared key, which nobody else can make
	Issued   time.Time // when the server made the ticket that it came with
	Expected time.Time // when it should arrive, by the age of the ticket that the client tells (RFC 8446 §8.3)
}

// Defaults of [NewReplayGuard].
const (
	DefaultReplayWindow   = 10 * time.Second
	DefaultReplayCapacity = 1 << 15
)

// Bounds of a strikeRegister.
const (
	maxReplayWindow   = time.Hour
	maxReplayCapacity = 1 << 24
	strikeBucket      = 8 // slots in which one hello can be recorded
	strikeLife        = 3 // periods for which a record is kept: a clock may be set back by one
)

// NewReplayGuard makes a guard in memory: a strike register (RFC 8446 §8.2) of fixed size, 8 bytes a record, that takes
// no lock. now is the present time.
//
// window is by how much a hello may come earlier or later than the age of its ticket says, 0 is [DefaultReplayWindow],
// at most an hour. Twice the window is how long a hello has to be remembered. capacity is how many hellos can be
// remembered at a time, 0 is [DefaultReplayCapacity], at most 2^24; when there is no room, early data is not accepted.
//
// What other guards have accepted it does not know. A hello with a ticket from before now, which an earlier run may
// have seen, is accepted only when one window has passed since.
func NewReplayGuard(now time.Time, window time.Duration, capacity int) ReplayGuard {
	if window <= 0 {
		window = DefaultReplayWindow
	}
	if capacity <= 0 {
		capacity = DefaultReplayCapacity
	}
	buckets := (min(capacity, maxReplayCapacity) + strikeBucket - 1) / strikeBucket
	return &strikeRegister{start: now, window: min(window, maxReplayWindow), buckets: make([][strikeBucket]atomic.Uint64, buckets)}
}

// strikeRegister records hellos in a table of buckets. A slot has the period in which its hello came in the upper 16
// bits, and 48 bits of the hello's ID. That two hellos of one bucket agree in 48 bits happens, once in 2^45 times, and
// costs the second its early data.
type strikeRegister struct {
	start   time.Time
	window  time.Duration
	newest  atomic.Int64 // period
	buckets [][strikeBucket]atomic.Uint64
}

// Accept implements ReplayGuard.
func (r *strikeRegister) Accept(now time.Time, h EarlyHello) bool {
	if late := now.Sub(h.Expected); late > r.window || late < -r.window { // RFC 8446 §8.3
		return false
	}
	if h.Issued.Add(time.Millisecond).Before(r.start) && // tickets know milliseconds
		h.Expected.Before(r.start.Add(r.window)) { // RFC 8446 §8.2: what came before the register was there
		return false
	}
	period, ok := r.advance(now)
	return ok && r.strike(h.ID, period)
}

// advance gives the present period, counted from 1. A clock that was set back further than a period ago tells nothing.
func (r *strikeRegister) advance(now time.Time) (period int64, ok bool) {
	since := now.Sub(r.start)
	if since < 0 {
		return 0, false
	}
	period = 1 + int64(since/(2*r.window))
	for {
		newest := r.newest.Load()
		if period <= newest {
			return newest, period >= newest-1
		}
		if r.newest.CompareAndSwap(newest, period) {
			return period, true
		}
	}
}

// strike records id, unless it is recorded.
func (r *strikeRegister) strike(id [32]byte, period int64) bool {
	bucket := &r.buckets[binary.BigEndian.Uint64(id[:])%uint64(len(r.buckets))]
	tag := binary.BigEndian.Uint64(id[8:])>>16 | 1 // no slot in use is 0
	for {
		free, old := -1, uint64(0)
		for i := range bucket {
			v := bucket[i].Load()
			switch {
			case expired(v, period):
				if free < 0 {
					free, old = i, v
				}
			case v<<16 == tag<<16:
				return false
			}
		}
		if free < 0 {
			return false
		}
		if !bucket[free].CompareAndSwap(old, uint64(period)<<48|tag) {
			continue // somebody else was here; he may have recorded the same
		}
		// Another goroutine with the same hello may have found another slot free. Both see each other here, and neither
		// accepts.
		for i := range bucket {
			if v := bucket[i].Load(); i != free && v<<16 == tag<<16 && !expired(v, period) {
				return false
			}
		}
		return true
	}
}

// expired reports whether a slot can be used again: it was never used, or long ago. Periods are compared modulo 2^16.
func expired(slot uint64, period int64) bool {
	age := uint16(period) - uint16(slot>>48)
	return slot == 0 || age >= strikeLife && age < 1<<15
}

// replayGuard gives the guard of c, and makes one when none was given. A server that gives out tickets for early data
// asks for it then, so that it is there before the first of them is used.
func (c *Config) replayGuard(now time.Time) ReplayGuard {
	if c.ReplayGuard != nil {
		return c.ReplayGuard
	}
	if g := c.ownReplayGuard.Load(); g != nil {
		return *g
	}
	g := NewReplayGuard(now, 0, 0)
	c.ownReplayGuard.CompareAndSwap(nil, &g)
	return *c.ownReplayGuard.Load()
}
