package phy

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"testing"
	"time"
)

// impaired sends frames "0", "1", ... through a pipe whose first end is impaired on the way out, one
// every gap, and returns what arrived with its time after t0.
func impaired(t *testing.T, c Impairment, seed uint64, frames int, gap time.Duration) (got []string, at []time.Duration, count FaultCounters) {
	t.Helper()
	a, b := NewPipe(PipeConfig{Queue: 4096})
	d := Fault(a, FaultConfig{Seed: seed, Out: c})
	now := t0
	drain := func() {
		for f, _ := b.Receive(now); f != nil; f, _ = b.Receive(now) {
			got, at = append(got, string(f)), append(at, now.Sub(t0))
		}
	}
	advance := func(to time.Time) { // the clock stops wherever PollAt says
		for next := d.PollAt(); !next.IsZero() && !next.After(to); next = d.PollAt() {
			if next.Before(now) {
				t.Fatalf("PollAt names the past: %v at %v", next.Sub(t0), now.Sub(t0))
			}
			now = next
			take(t, d, now)
			drain()
		}
		now = to
	}
	for i := range frames {
		advance(t0.Add(time.Duration(i) * gap))
		put(t, d, now, fmt.Sprint(i))
		drain()
	}
	advance(now.Add(time.Hour))
	return got, at, d.Stats().Out
}

func names(n int) (s []string) {
	for i := range n {
		s = append(s, fmt.Sprint(i))
	}
	return s
}

func TestDropLosesItsShareAndNothingElse(t *testing.T) {
	got, _, count := impaired(t, Impairment{Drop: 0.2}, 1, 10000, time.Microsecond)
	if count.Frames != 10000 || len(got) != 10000-int(count.Dropped) || count.Dropped < 1800 || count.Dropped > 2200 {
		t.Fatalf("%d arrived, %+v", len(got), count)
	}
	if got, _, _ := impaired(t, Impairment{Drop: 1}, 1, 100, 0); len(got) != 0 {
		t.Fatalf("%d arrived", len(got))
	}
}

func TestCorruptChangesOneByteOfItsShare(t *testing.T) {
	got, _, count := impaired(t, Impairment{Corrupt: 0.5}, 2, 2000, 0)
	changed, oneBit := 0, 0
	for i, want := range names(2000) {
		if got[i] == want {
			continue
		}
		changed++
		diff := 0
		for j := range want {
			if got[i][j] != want[j] {
				diff++
				if bits.OnesCount8(got[i][j]^want[j]) == 1 {
					oneBit++
				}
			}
		}
		if diff != 1 || len(got[i]) != len(want) {
			t.Fatalf("%q became %q", want, got[i])
		}
	}
	if changed != int(count.Corrupted) || changed < 900 || changed > 1100 || oneBit < changed/3 || oneBit == changed {
		t.Fatalf("%d changed, %d of them by a bit, %+v", changed, oneBit, count)
	}
}

func TestDuplicateArrivesTwiceAndAdjacent(t *testing.T) {
	got, _, count := impaired(t, Impairment{Duplicate: 0.3}, 3, 1000, 0)
	if len(got) != 1000+int(count.Duplicated) || count.Duplicated < 200 || count.Duplicated > 400 {
		t.Fatalf("%d arrived, %+v", len(got), count)
	}
	if got := slices.Compact(got); !slices.Equal(got, names(1000)) {
		t.Fatalf("%d different frames", len(got))
	}
}

func TestReorderHoldsBackItsShareForABoundedTime(t *testing.T) {
	const gap = time.Millisecond
	got, at, count := impaired(t, Impairment{Reorder: 0.1, ReorderDelay: 10 * time.Millisecond}, 4, 1000, gap)
	late := 0
	for i, name := range got {
		var n int
		fmt.Sscan(name, &n)
		delay := at[i] - time.Duration(n)*gap
		if delay < 0 || delay > 10*time.Millisecond {
			t.Fatalf("frame %s came after %v", name, delay)
		}
		if delay > 0 {
			late++
		}
	}
	if len(got) != 1000 || late != int(count.Reordered) || late < 50 || late > 150 {
		t.Fatalf("%d arrived, %d late, %+v", len(got), late, count)
	}
	if slices.Equal(got, names(1000)) {
		t.Fatal("nothing was overtaken")
	}
}

func TestDelayAndJitterKeepOrderAndBounds(t *testing.T) {
	const gap, delay, jitter = time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond
	got, at, _ := impaired(t, Impairment{Delay: delay, Jitter: jitter}, 5, 500, gap)
	if !slices.Equal(got, names(500)) {
		t.Fatal("order or frames were lost")
	}
	least, most := time.Hour, time.Duration(0)
	for i := range at {
		d := at[i] - time.Duration(i)*gap
		least, most = min(least, d), max(most, d)
	}
	if least < delay || most > delay+jitter || most < delay+jitter/2 {
		t.Fatalf("delays of %v to %v", least, most)
	}
	if _, at, _ := impaired(t, Impairment{Delay: delay}, 5, 3, gap); at[0] != delay || at[2] != delay+2*gap {
		t.Fatalf("a fixed delay gave %v", at)
	}
}

func TestRateSpacesFramesAndItsQueueOverflows(t *testing.T) {
	// 1 byte frames ("0".."9") at 8,000 bit/s: one every millisecond.
	got, at, count := impaired(t, Impairment{Rate: 8000, RateQueue: 5}, 6, 10, 0)
	// The first is being sent at once, five bytes may wait behind it when the next one comes.
	if !slices.Equal(got, names(6)) || count.Overflowed != 4 {
		t.Fatalf("got %q, %+v", got, count)
	}
	for i := range at {
		if want := time.Duration(i+1) * time.Millisecond; at[i] != want {
			t.Fatalf("frame %d arrived after %v, want %v", i, at[i], want)
		}
	}
}

func TestImpairmentIsBroughtIntoRange(t *testing.T) {
	var p impairedPath
	p.init(Impairment{Delay: -1, Jitter: 100 * time.Hour, MaxFrames: 1, Rate: 1, RateQueue: math.MaxInt}, nil, 100)
	if p.Delay != 0 || p.Jitter != MaxFaultDelay || p.ReorderDelay != DefaultReorderDelay || p.held.limit != 2 || p.queueTime != MaxFaultDelay {
		t.Fatalf("%+v", p)
	}
	if got := p.transmission(65535); got != MaxFaultDelay {
		t.Fatalf("65,535 bytes at 1 bit/s take %v", got)
	}
	p.init(Impairment{Drop: math.NaN()}, nil, 100)
	if p.active {
		t.Fatal("NaN is a chance")
	}
}

func TestSameSeedSameFateOtherSeedOther(t *testing.T) {
	c := Impairment{Drop: 0.1, Corrupt: 0.1, Duplicate: 0.1, Reorder: 0.1, Delay: time.Millisecond, Jitter: time.Millisecond, Rate: 1e6}
	run := func(seed uint64) string {
		got, at, count := impaired(t, c, seed, 500, 100*time.Microsecond)
		return fmt.Sprint(got, at, count)
	}
	first := run(7)
	if again := run(7); again != first {
		t.Error("one seed, two fates")
	}
	if first == run(8) {
		t.Error("two seeds, one fate")
	}
}
