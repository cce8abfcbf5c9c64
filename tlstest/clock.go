package tlstest

import (
	"sync"
	"time"

	"smoltls/netconn"
)

// Clock is the clock of a [Network]: certificates, tickets and all timers of the two stacks go by it. It runs as fast
// as the real one, from a time of the test's choice on, and the test can move it ahead. It may be used by any
// goroutine.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration // of the real clock
	wake  []*netconn.Runner
}

func newClock(start time.Time) *Clock {
	c := &Clock{}
	if !start.IsZero() {
		c.ahead = time.Until(start)
	}
	return c
}

// Now gives the time. It is what crypto/tls wants as Config.Time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance moves the clock ahead. Whatever lies within d is due at once, timeouts of connections included, except for
// deadlines of net.Conns, which go by the real clock. A negative d does nothing: no clock runs backwards.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += max(0, d)
	for _, r := range c.wake {
		r.Wake()
	}
}
