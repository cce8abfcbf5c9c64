package netconn

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// waits gives how long a goroutine waits at g until it expires, while meanwhile runs beside it.
func waits(t *testing.T, deadline time.Duration, meanwhile func(mu *sync.Mutex, g *gate)) (d time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var g gate
		g.init(&mu)
		begin := time.Now()
		mu.Lock()
		if deadline != 0 {
			g.set(begin.Add(deadline))
		}
		go meanwhile(&mu, &g)
		for !g.expired() {
			g.wait()
		}
		g.close()
		mu.Unlock()
		d = time.Since(begin)
	})
	return d
}

func TestAGateOpensAtItsDeadlineHoweverOftenItMoves(t *testing.T) {
	still := func(*sync.Mutex, *gate) {}
	if d := waits(t, time.Second, still); d != time.Second {
		t.Errorf("one deadline: %v", d)
	}
	if d := waits(t, -time.Second, still); d != 0 {
		t.Errorf("a past one: %v", d)
	}
	move := func(after, to time.Duration) func(*sync.Mutex, *gate) {
		return func(mu *sync.Mutex, g *gate) {
			time.Sleep(after)
			mu.Lock()
			defer mu.Unlock()
			g.set(time.Now().Add(to))
		}
	}
	if d := waits(t, 0, move(time.Second, time.Second)); d != 2*time.Second {
		t.Errorf("set while somebody waits: %v", d)
	}
	if d := waits(t, 10*time.Second, move(time.Second, time.Second)); d != 2*time.Second {
		t.Errorf("moved to before: %v", d)
	}
	if d := waits(t, 2*time.Second, move(time.Second, time.Hour)); d != time.Second+time.Hour {
		t.Errorf("moved to after: %v", d)
	}
	if d := waits(t, time.Hour, move(time.Second, -1)); d != time.Second {
		t.Errorf("moved to the past: %v", d)
	}
}

func TestAWakeLetsAllLookAndTheDeadlineStays(t *testing.T) {
	looks := 0
	d := waits(t, 3*time.Second, func(mu *sync.Mutex, g *gate) {
		for range 2 {
			time.Sleep(time.Second)
			mu.Lock()
			looks += g.waiters
			g.wake()
			mu.Unlock()
		}
	})
	if d != 3*time.Second || looks != 2 {
		t.Errorf("waited %v, was there for %d wakes", d, looks)
	}
}
