package netconn

import (
	"sync"
	"time"
)

// gate is where goroutines wait for one thing, such as that a connection becomes readable, until a deadline. It is used
// under its lock.
type gate struct {
	cond     sync.Cond
	waiters  int
	deadline time.Time // zero: none
	timer    *time.Timer
	armed    bool
}

func (g *gate) init(l sync.Locker) { g.cond.L = l }

// expired reports that the deadline has passed.
func (g *gate) expired() bool { return !g.deadline.IsZero() && !time.Now().Before(g.deadline) }

// wait gives the lock away until there is a wake or the deadline passes, perhaps also without reason: the caller looks
// again.
func (g *gate) wait() {
	if !g.deadline.IsZero() && !g.armed {
		g.arm(time.Until(g.deadline))
	}
	g.waiters++
	g.cond.Wait()
	g.waiters--
}

// arm has those that wait look again after d. The timer is not needed, and not set, before somebody waits.
func (g *gate) arm(d time.Duration) {
	g.armed = true
	if g.timer != nil {
		g.timer.Reset(d)
		return
	}
	g.timer = time.AfterFunc(d, func() {
		g.cond.L.Lock()
		defer g.cond.L.Unlock()
		g.armed = false
		g.wake()
	})
}

// wake makes all that wait look again.
func (g *gate) wake() {
	if g.waiters > 0 {
		g.cond.Broadcast()
	}
}

// set sets the deadline, for those too that wait already.
func (g *gate) set(t time.Time) {
	g.deadline = t
	g.disarm()
	g.wake()
}

func (g *gate) disarm() {
	if g.armed {
		g.timer.Stop()
		g.armed = false
	}
}

// close wakes all that wait for good.
func (g *gate) close() {
	g.disarm()
	g.wake()
}
