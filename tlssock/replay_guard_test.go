package tlssock

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// helloNumber is a hello like no other, which comes when it should.
func helloNumber(n uint64, at time.Time) EarlyHello {
	h := EarlyHello{Issued: at, Expected: at}
	binary.BigEndian.PutUint64(h.ID[:], n*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(h.ID[8:], n*0xbf58476d1ce4e5b9)
	return h
}

func TestAHelloIsAcceptedOnceWhileItIsFresh(t *testing.T) {
	g := NewReplayGuard(epoch, 0, 0)
	for n := range uint64(1000) {
		now := epoch.Add(time.Duration(n) * 100 * time.Millisecond)
		h := helloNumber(n, now)
		if !g.Accept(now, h) {
			t.Fatalf("hello %d is not accepted", n)
		}
		for _, later := range []time.Duration{0, time.Nanosecond, time.Millisecond, time.Second, DefaultReplayWindow} {
			if g.Accept(now.Add(later), h) {
				t.Fatalf("hello %d is accepted again %v later", n, later)
			}
		}
	}
}

// A hello that comes as early as it may can be replayed for two windows; its record must live as long, wherever in a
// period it begins.
func TestRecordsOutliveTheirWindow(t *testing.T) {
	const window = time.Second
	r := rand.New(rand.NewPCG(1, 2))
	for n := range uint64(2000) {
		g := NewReplayGuard(epoch, window, 64)
		now := epoch.Add(time.Duration(r.Int64N(int64(20 * time.Second))))
		h := helloNumber(n, now.Add(window))
		h.Issued = epoch
		if !g.Accept(now, h) {
			t.Fatal("not accepted")
		}
		for range 20 {
			now = now.Add(time.Duration(r.Int64N(int64(window / 5))))
			if g.Accept(now, h) {
				t.Fatalf("accepted again at %v, expected at %v", now, h.Expected)
			}
		}
	}
}

func TestAHelloThatComesAtAnotherTimeThanItSaysIsRefused(t *testing.T) {
	g := NewReplayGuard(epoch, time.Minute, 0)
	now := epoch.Add(time.Hour)
	for n, c := range []struct {
		off  time.Duration
		want bool
	}{{0, true}, {time.Minute, true}, {-time.Minute, true}, {time.Minute + 1, false}, {-time.Minute - 1, false}, {24 * time.Hour, false}} {
		if got := g.Accept(now, helloNumber(uint64(n), now.Add(c.off))); got != c.want {
			t.Errorf("off by %v: %v", c.off, got)
		}
	}
}

// What a guard of an earlier run accepted is not accepted again by this one.
func TestAGuardThatBeginsDistrustsWhatCameBefore(t *testing.T) {
	g := NewReplayGuard(epoch, 0, 0)
	old := helloNumber(1, epoch.Add(-time.Second))
	if g.Accept(epoch.Add(time.Second), old) {
		t.Error("a hello from before it began")
	}
	young := helloNumber(2, epoch.Add(5*time.Second))
	young.Issued = epoch.Add(-time.Hour)
	if g.Accept(epoch.Add(5*time.Second), young) {
		t.Error("a hello that may have been used before it began")
	}
	young.Expected = epoch.Add(DefaultReplayWindow)
	if !g.Accept(epoch.Add(DefaultReplayWindow), young) {
		t.Error("an old ticket in a hello that is new for sure")
	}
	if g.Accept(epoch.Add(-time.Second), helloNumber(3, epoch)) {
		t.Error("before it began")
	}
}

func TestAFullGuardAcceptsNothing(t *testing.T) {
	g := NewReplayGuard(epoch, 0, 64)
	accepted := 0
	for n := range uint64(1000) {
		if g.Accept(epoch, helloNumber(n, epoch)) {
			accepted++
		}
	}
	if accepted < 32 || accepted > 64 {
		t.Errorf("%d accepted with room for 64", accepted)
	}
	later := epoch.Add(3 * 2 * DefaultReplayWindow)
	if !g.Accept(later, helloNumber(5000, later)) {
		t.Error("records are kept for ever")
	}
	if n := testing.AllocsPerRun(100, func() { g.Accept(later, helloNumber(5001, later)) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// A clock that is set back does not bring back what it has forgotten.
func TestAClockThatIsSetBackAcceptsNothingTwice(t *testing.T) {
	g := NewReplayGuard(epoch, time.Second, 8)
	h := helloNumber(1, epoch)
	if !g.Accept(epoch, h) {
		t.Fatal("not accepted")
	}
	for n := range uint64(100) {
		later := epoch.Add(time.Duration(n) * time.Minute)
		g.Accept(later, helloNumber(n+2, later)) // takes the room of what is forgotten
		if g.Accept(epoch, h) {
			t.Fatalf("accepted again when the clock was set back by %v", later.Sub(epoch))
		}
	}
}

// Loops in several goroutines share a Config and its guard.
func TestOneOfManyGoroutinesGetsAHello(t *testing.T) {
	for round := range uint64(200) {
		g := NewReplayGuard(epoch, 0, 16)
		var accepted atomic.Int32
		var ready, done sync.WaitGroup
		ready.Add(1)
		for range 8 {
			done.Add(1)
			go func() {
				defer done.Done()
				ready.Wait()
				if g.Accept(epoch, helloNumber(round, epoch)) {
					accepted.Add(1)
				}
			}()
		}
		ready.Done()
		done.Wait()
		if n := accepted.Load(); n != 1 {
			t.Fatalf("%d accepted it", n)
		}
	}
}

func TestAConfigMakesOneGuardForItselfAndItsClones(t *testing.T) {
	c := &Config{}
	g := c.replayGuard(epoch)
	if c.replayGuard(epoch) != g || c.Clone().replayGuard(epoch) != g {
		t.Error("several guards")
	}
	if c.ReplayGuard = (refuser{}); c.replayGuard(epoch) != c.ReplayGuard {
		t.Error("the one that was given is not used")
	}
}

func TestGuardsHaveBounds(t *testing.T) {
	r := NewReplayGuard(epoch, 1000*time.Hour, 1).(*strikeRegister)
	if r.window != maxReplayWindow || len(r.buckets) != 1 {
		t.Errorf("window %v, %d buckets", r.window, len(r.buckets))
	}
	if r := NewReplayGuard(epoch, -1, -1).(*strikeRegister); r.window != DefaultReplayWindow || len(r.buckets)*strikeBucket != DefaultReplayCapacity {
		t.Errorf("window %v, %d buckets", r.window, len(r.buckets))
	}
}
