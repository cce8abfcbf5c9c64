package redisguard

import (
	"sync"
	"time"
)

// rest is the time after a failure in which nothing is asked: an answer that will not come would cost every handshake
// the wait for it.
type rest struct {
	mu    sync.Mutex
	lost  bool
	until time.Time
}

// resting reports whether nothing is asked now. After the rest one asks, and the others rest on until it has its
// answer, for patience at most.
func (r *rest) resting(now time.Time, patience time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.lost {
		return false
	}
	if now.Before(r.until) {
		return true
	}
	r.until = now.Add(patience)
	return false
}

// note takes what came of a question, and reports whether that is news. After an error there is rest until then.
func (r *rest) note(err error, until time.Time) (lost, back bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.lost
	r.lost, r.until = err != nil, until
	return r.lost && !was, !r.lost && was
}
