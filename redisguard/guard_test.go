package redisguard

import (
	"bytes"
	"log/slog"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAHelloIsAcceptedOnceByAWholeFleet(t *testing.T) {
	s := startRedis(t)
	fleet := []*Guard{s.guard(), s.guard(), s.guard()}
	const hellos = 200
	var got [hellos]atomic.Int32
	var all sync.WaitGroup
	for n := range uint64(hellos) {
		for _, g := range fleet {
			all.Go(func() {
				if accepts(g, hello(n)) {
					got[n].Add(1)
				}
			})
		}
	}
	all.Wait()
	for n := range got {
		if v := got[n].Load(); v != 1 {
			t.Errorf("hello %d is accepted %d times", n, v)
		}
	}
	var sum Stats
	for _, g := range fleet {
		sum.Accepted += g.Stats().Accepted
		sum.Replayed += g.Stats().Replayed
	}
	if sum.Accepted != hellos || sum.Replayed != 2*hellos {
		t.Errorf("%+v", sum)
	}
}

// Redis that is gone costs early data, at once and not after a wait; when it is back, what could have been accepted
// before is refused, and what is new is not.
func TestRedisThatIsLostAndComesBack(t *testing.T) {
	s := startRedis(t)
	var log bytes.Buffer
	now := epoch
	g := s.guard(func(c *Config) {
		c.Logger, c.Now = slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now }
	})
	if !accepts(g, hello(1)) {
		t.Fatal("not accepted")
	}
	s.kill()
	for n := range uint64(5) {
		if accepts(g, hello(10+n)) {
			t.Error("accepted by nobody")
		}
	}
	if st := g.Stats(); st.Failed != 5 || st.Accepted != 1 {
		t.Errorf("%+v", st)
	}
	now = hello(0).Expected.Add(time.Second)
	s.start()
	old := hello(1)
	for failed := uint64(0); g.Stats().Failed != failed; { // the client takes up to a second to find that it is back
		if failed = g.Stats().Failed; accepts(g, old) {
			t.Error("a replay of what was forgotten is accepted")
		}
	}
	old = hello(2)
	old.Expected = now.Add(2*DefaultWindow - 1)
	if accepts(g, old) {
		t.Error("it may have been accepted before")
	}
	young := hello(3)
	young.Expected = now.Add(2 * DefaultWindow)
	if !accepts(g, young) {
		t.Error("an old ticket in a hello that is new for sure")
	}
	young = hello(4)
	young.Issued, young.Expected = now.Add(DefaultWindow), now.Add(DefaultWindow)
	if !accepts(g, young) {
		t.Error("a ticket that was made since")
	}
	if st := g.Stats(); st.Unsure != 2 || st.Accepted != 3 || st.Replayed != 0 {
		t.Errorf("%+v", st)
	}
	g.Close()
	if said := log.String(); strings.Count(said, "level=WARN") != 1 || strings.Count(said, "level=INFO") != 1 {
		t.Errorf("what it said: %s", said)
	}
}

// Redis that takes connections and says nothing.
func TestRedisThatIsTooSlow(t *testing.T) {
	s := startRedis(t)
	g := s.guard(func(c *Config) { c.Timeout, c.Pause = 50*time.Millisecond, time.Hour })
	s.freeze()
	if accepts(g, hello(1)) {
		t.Error("accepted without an answer")
	}
	for !g.rest.resting(time.Now(), 0) { // the one that asks gives up at the same moment
		if accepts(g, hello(2)) {
			t.Error("accepted without an answer")
		}
	}
	s.thaw()
	if accepts(g, hello(3)) { // it rests
		t.Error("asked while it rests")
	}
	if again := s.guard(); !accepts(again, hello(4)) {
		t.Error("not accepted afterwards")
	}
}

func TestWhatComesAtAnotherTimeThanItSaysIsNotEvenAsked(t *testing.T) {
	g := newGuard(t, Config{URL: "unix://" + filepath.Join(t.TempDir(), "nobody"), Window: time.Minute})
	h := hello(1)
	for _, off := range []time.Duration{time.Minute + 1, -time.Minute - 1} {
		if g.Accept(h.Expected.Add(off), h) {
			t.Errorf("%v off", off)
		}
	}
	if st := g.Stats(); st != (Stats{Untimely: 2}) {
		t.Errorf("%+v", st)
	}
}

// No more wait than may, and Close refuses those at once.
func TestTheQueueIsBoundedAndCloseEmptiesIt(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // which never answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	g := newGuard(t, Config{URL: "redis://" + l.Addr().String(), Queue: 3, Batch: 1, Timeout: time.Hour})
	var all sync.WaitGroup
	for n := range uint64(50) {
		all.Go(func() {
			if accepts(g, hello(n)) {
				t.Error("accepted by nobody")
			}
		})
	}
	for g.Stats().Crowded < 50-4 { // one is asked, three wait
		runtime.Gosched()
	}
	g.Close()
	all.Wait()
	if st := g.Stats(); st.Crowded < 46 || st.Crowded+st.Failed != 50 {
		t.Errorf("%+v", st)
	}
	if accepts(g, hello(99)) {
		t.Error("accepted by one that is closed")
	}
}

func TestABatchLeavesOutWhatNobodyWaitsForAnyMore(t *testing.T) {
	g := &Guard{cfg: Config{Batch: 3}, queue: make(chan *question, 10)}
	late, soon := time.Now().Add(-time.Second), time.Now().Add(time.Hour)
	for _, until := range []time.Time{soon, late, soon, soon, soon} {
		g.queue <- &question{until: until}
	}
	if n := len(g.gather(&question{until: late})); n != 3 || len(g.queue) != 1 {
		t.Errorf("%d in the batch, %d wait", n, len(g.queue))
	}
	if n := len(g.gather(<-g.queue)); n != 1 {
		t.Errorf("%d in the batch", n)
	}
}

// What a guard can rely on counts from when it began, not from the first hello.
func TestAGuardAsksWhoIsThereBeforeItIsNeeded(t *testing.T) {
	s := startRedis(t)
	s.guard()
	for s.do("EXISTS", DefaultPrefix+"mark") != int64(1) {
		runtime.Gosched()
	}
}
