package redisguard

import "sync/atomic"

// verdict is what becomes of a hello's early data, and why.
type verdict uint8

const (
	accepted verdict = iota
	replayed         // recorded before
	untimely         // outside of its window
	unsure           // it may have been recorded in what Redis has lost
	failed           // Redis has not answered
	crowded          // more wait than may
	verdicts
)

// Stats counts hellos by what became of their early data. All but Accepted were refused.
type Stats struct {
	Accepted uint64
	Replayed uint64 // recorded before
	Untimely uint64 // outside of the window around the time that their ticket's age says
	Unsure   uint64 // could have been accepted before Redis, or this guard, began
	Failed   uint64 // Redis did not answer, in time or at all, or with an error; or nobody asked it, for that reason
	Crowded  uint64 // Config.Queue were waiting
}

type counters [verdicts]atomic.Uint64

func (c *counters) count(v verdict) { c[v].Add(1) }

// Stats gives what the guard did so far.
func (g *Guard) Stats() Stats {
	c := &g.stats
	return Stats{Accepted: c[accepted].Load(), Replayed: c[replayed].Load(), Untimely: c[untimely].Load(), Unsure: c[unsure].Load(), Failed: c[failed].Load(), Crowded: c[crowded].Load()}
}
