package redisguard

import (
	"time"

	"smoltls/tlssock"
)

// memory is whose answers are had, and since when its records are known to be complete.
type memory struct {
	window time.Duration
	owner  string // the process and the data set in it; empty: none was asked
	since  time.Time
}

// remember notes who has answered, at now. The records of one that has not answered before may be missing up to now.
func (m *memory) remember(owner string, now time.Time) {
	if owner != m.owner {
		m.owner, m.since = owner, now
	}
}

// complete reports whether h would have been found if it had been accepted before (RFC 8446 §8.2): it can't have been,
// before since, with a ticket that was made later, or when it could not be expected yet. Clocks of servers may differ
// by a window.
func (m *memory) complete(h tlssock.EarlyHello) bool {
	return !h.Issued.Before(m.since.Add(m.window)) || !h.Expected.Before(m.since.Add(2*m.window))
}
