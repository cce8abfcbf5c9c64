package simnet

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestAPerfectPathDeliversAtOnceInOrderUnharmed(t *testing.T) {
	w, a, b, wire := pairOfNodes(t, 1, Path{})
	got := volley(t, w, a, b, 100, 60, time.Millisecond)
	for i, g := range b.got {
		if got[i] != i || g.frame != string(numbered(i, 60)) || g.at != Epoch.Add(time.Duration(i)*time.Millisecond) {
			t.Fatalf("frame %d: number %d at %v", i, got[i], g.at.Sub(Epoch))
		}
	}
	if c, _ := wire.Count(); len(got) != 100 || c.Sent != 100 || c.Delivered != 100 || c.Bytes != 6000 {
		t.Errorf("%d arrived; %+v", len(got), c)
	}
}

func TestDelayAndJitterKeepTheOrder(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 2, Path{Delay: 10 * time.Millisecond, Jitter: 5 * time.Millisecond})
	got := volley(t, w, a, b, 1000, 60, 100*time.Microsecond)
	if len(got) != 1000 || !slices.IsSorted(got) {
		t.Fatalf("%d arrived, in order: %v", len(got), slices.IsSorted(got))
	}
	varied := false
	for i, g := range b.got {
		d := g.at.Sub(Epoch.Add(time.Duration(i) * 100 * time.Microsecond))
		if d < 10*time.Millisecond || d > 15*time.Millisecond {
			t.Fatalf("frame %d took %v", i, d)
		}
		varied = varied || d > 12*time.Millisecond
	}
	if !varied {
		t.Error("no jitter")
	}
}

func TestRateSpacesFramesAndItsQueueIsBounded(t *testing.T) {
	// 1,000 bytes take a millisecond at 8 Mbit/s.
	w, a, b, wire := pairOfNodes(t, 3, Path{Rate: 8_000_000, Delay: time.Second, QueueBytes: 10_000})
	got := volley(t, w, a, b, 50, 1000, 0)
	c, _ := wire.Count()
	if len(got) != 10 || c.Overflowed != 40 {
		t.Fatalf("%d arrived, %d overflowed; the queue holds 10", len(got), c.Overflowed)
	}
	for i, g := range b.got {
		if want := time.Second + time.Duration(i+1)*time.Millisecond; g.at.Sub(Epoch) != want {
			t.Errorf("frame %d after %v, want %v", i, g.at.Sub(Epoch), want)
		}
	}
}

func TestTheQueueIsBoundedInFramesToo(t *testing.T) {
	w, a, b, wire := pairOfNodes(t, 4, Path{Rate: 8_000_000, QueueFrames: 3})
	if got := volley(t, w, a, b, 50, 100, 0); len(got) != 3 {
		t.Errorf("%d arrived, the queue holds 3", len(got))
	}
	// A queue that has emptied takes frames again.
	b.got = nil
	if got := volley(t, w, a, b, 50, 1000, time.Millisecond); len(got) != 50 {
		c, _ := wire.Count()
		t.Errorf("%d of 50 arrived at the link's own rate; %+v", len(got), c)
	}
}

func TestAQueueThatRefusesLosesNothing(t *testing.T) {
	w, a, b, wire := pairOfNodes(t, 5, Path{Rate: 8_000_000, QueueFrames: 4, Refuse: true})
	refused := 0
	for range 10 {
		if err := transmit(a.port, w.Now(), numbered(0, 1000)); err != nil {
			refused++
		}
	}
	if err := w.Rest(time.Hour); err != nil {
		t.Fatal(err)
	}
	if c, _ := wire.Count(); refused != 6 || len(b.got) != 4 || c.Overflowed != 0 {
		t.Errorf("%d refused, %d arrived, %+v", refused, len(b.got), c)
	}
	if a.port.Buffer(1000) == nil {
		t.Error("still refused when the queue is empty")
	}
}

// near reports whether a share observed in n draws is what the chance makes likely: within five standard deviations.
func near(observed, n int, chance float64) bool {
	return math.Abs(float64(observed)-chance*float64(n)) <= 5*math.Sqrt(float64(n)*chance*(1-chance))
}

func TestChancesAreWhatTheySay(t *testing.T) {
	const n = 20_000
	p := Path{Loss: 0.2, Corrupt: 0.05, Duplicate: 0.1, Reorder: 0.1, ReorderDelay: time.Millisecond}
	w, a, b, wire := pairOfNodes(t, 6, p)
	got := volley(t, w, a, b, n, 60, 50*time.Microsecond)
	c, _ := wire.Count()
	passed := n - c.Lost
	if !near(c.Lost, n, 0.2) || !near(c.Corrupted, passed, 0.05) || !near(c.Duplicated, passed, 0.1) || !near(c.Reordered, passed+c.Duplicated, 0.1) {
		t.Errorf("of %d: %+v", n, c)
	}
	if len(got) != passed+c.Duplicated || c.Delivered != len(got) {
		t.Errorf("%d arrived, counted %d, passed %d and twice %d", len(got), c.Delivered, passed, c.Duplicated)
	}
	if slices.IsSorted(got) {
		t.Error("everything in order")
	}
	damaged := 0
	for i, g := range b.got {
		want := numbered(got[i], 60)
		changed := 0
		for k := range want {
			if g.frame[k] != want[k] {
				changed++
			}
		}
		if changed > 1 {
			t.Fatalf("%d bytes changed in one frame", changed)
		}
		damaged += changed
	}
	// A change within the number itself can't be told from another number.
	if damaged == 0 || damaged > c.Corrupted+c.Duplicated {
		t.Errorf("%d damaged frames arrived, %d were damaged", damaged, c.Corrupted)
	}
}

func TestAFrameThatIsHeldBackComesWithinItsBound(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 7, Path{Reorder: 1, ReorderDelay: 3 * time.Millisecond})
	volley(t, w, a, b, 100, 60, time.Second)
	for i, g := range b.got {
		if d := g.at.Sub(Epoch.Add(time.Duration(i) * time.Second)); d <= 0 || d > 3*time.Millisecond+1 {
			t.Errorf("frame %d held for %v", i, d)
		}
	}
}

func TestBurstsHaveTheirLengthAndTheirShare(t *testing.T) {
	const n = 200_000
	w := New(8)
	d := newDirection(w, Path{Loss: 0.05, LossBurst: 8}, nil)
	lost, bursts, before := 0, 0, false
	for range n {
		now := d.lose()
		if now {
			lost++
			if !before {
				bursts++
			}
		}
		before = now
	}
	if share := float64(lost) / n; share < 0.04 || share > 0.06 {
		t.Errorf("share of lost frames %.3f, want 0.05", share)
	}
	if mean := float64(lost) / float64(bursts); mean < 7 || mean > 9 {
		t.Errorf("mean burst %.1f, want 8", mean)
	}
}

func TestASecondCopyMayComeMuchLater(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 9, Path{Duplicate: 1, Echo: time.Minute})
	got := volley(t, w, a, b, 100, 60, time.Millisecond)
	seen := make(map[int]time.Time)
	latest := time.Duration(0)
	for i, n := range got {
		if first, again := seen[n]; again {
			latest = max(latest, b.got[i].at.Sub(first))
		} else {
			seen[n] = b.got[i].at
		}
	}
	if len(got) != 200 || len(seen) != 100 || latest < 30*time.Second || latest > time.Minute {
		t.Errorf("%d arrived, %d different, the latest after %v", len(got), len(seen), latest)
	}
}
