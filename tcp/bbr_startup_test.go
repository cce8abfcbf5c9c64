package tcp

import (
	"testing"
	"time"
)

func startup() *bbrState {
	b := &bbrState{}
	b.init(1e9, 10_000, 10_000, 100*time.Millisecond, 0, 7)
	b.in.now = 1e9
	return b
}

func TestStartupEndsWhenTheRateNoLongerGrows(t *testing.T) { // §5.3.1.2: by a quarter, in three rounds
	b := startup()
	in := steady()
	in.inFlight = 400_000
	for _, bw := range []uint64{100_000, 200_000, 400_000, 800_000, 1_250_000} {
		in.bw = bw
		if b.round(100*time.Millisecond, in); b.phase != bbrStartup {
			t.Fatalf("over at %d", bw)
		}
	}
	for i := range 2 {
		if b.round(100*time.Millisecond, in); b.phase != bbrStartup {
			t.Fatalf("over after %d rounds", i+1)
		}
	}
	if b.round(100*time.Millisecond, in); b.phase != bbrDrain || !b.fullReached {
		t.Fatalf("phase %d", b.phase)
	}
}

func TestRoundsThatTheApplicationLimitsDoNotEndStartup(t *testing.T) { // §5.3.1.2
	b := startup()
	in := steady()
	in.appLimited = true
	for range 10 {
		b.round(100*time.Millisecond, in)
	}
	in.appLimited, in.bw = false, 0 // nor those that measure nothing
	for range 10 {
		b.round(100*time.Millisecond, in)
	}
	if b.phase != bbrStartup || b.fullReached {
		t.Fatalf("phase %d", b.phase)
	}
}

// lossy is a round of Startup in recovery that has lost so many ranges, and so many bytes of 100,000.
func lossy(ranges uint8, lost uint32, sack bool) *bbrState {
	b := startup()
	b.minRTT, b.bw = 100*time.Millisecond, 1_000_000
	b.latestInFlight = 90_000
	b.in.recovery, b.in.sack, b.in.lost, b.in.txInFlight = true, sack, lost, 100_000
	b.lossRoundStart, b.lossRanges = true, ranges
	b.checkStartupDone()
	return b
}

func TestStartupEndsWhenTooMuchIsLost(t *testing.T) { // §5.3.1.3
	if b := lossy(6, 2001, true); b.phase != bbrDrain || b.longterm != 100_000 || !b.undoable || b.undoPhase != bbrStartup {
		t.Errorf("%+v", b)
	}
	if b := lossy(5, 2001, true); b.phase != bbrStartup {
		t.Error("five ranges may be one burst")
	}
	if b := lossy(6, 2000, true); b.phase != bbrStartup {
		t.Error("two percent are not too much")
	}
	if b := lossy(0, 1, false); b.phase != bbrDrain {
		t.Error("without SACK one loss is all that there is to see")
	}
	if b := lossy(6, 2001, true); b.lossRanges != 0 {
		t.Error("the next round counts anew")
	}
}

func TestDrainEndsWithTheQueue(t *testing.T) { // §5.3.2
	b := bbrAt(bbrDrain)
	b.in.inFlight = 125_001
	if b.checkDrainDone(); b.phase != bbrDrain {
		t.Fatal("over with a queue")
	}
	b.in.inFlight = 125_000
	if b.checkDrainDone(); b.phase != bbrDown {
		t.Fatal("not over")
	}
	b = bbrAt(bbrDrain)
	b.in.inFlight = 200_000
	b.roundCount = b.drainStart + 3
	if b.checkDrainDone(); b.phase != bbrDrain {
		t.Fatal("over after three rounds")
	}
	b.roundCount++
	if b.checkDrainDone(); b.phase != bbrDown {
		t.Fatal("the rate was overestimated: it never empties")
	}
}
