package tcp

import (
	"testing"
	"time"
)

func TestTheRoundTripIsMeasuredAnewEveryFiveSeconds(t *testing.T) { // §5.3.4
	b := bbrAt(bbrCruise)
	b.probeWait = time.Hour
	b.restRTT = 100 * time.Millisecond
	in := steady()
	in.rtt = 110 * time.Millisecond // never as short again
	began := b.in.now
	for b.phase != bbrProbeRTT {
		b.roundsSinceProbe = 0
		if b.round(100*time.Millisecond, in); b.in.now.Sub(began) > 6*time.Second {
			t.Fatal("not measured")
		}
	}
	if d := b.in.now.Sub(began); d < 5*time.Second {
		t.Fatalf("after %v", d)
	}
	if b.cwnd > b.restCwnd() || b.restCwnd() != 62_500 || !b.limit {
		t.Fatalf("cwnd %d", b.cwnd)
	}
	in.inFlight, in.rtt = 62_500, 100*time.Millisecond
	b.round(100*time.Millisecond, in)
	rested := b.in.now
	for b.phase == bbrProbeRTT {
		if b.round(50*time.Millisecond, in); b.in.now.Sub(rested) > time.Second {
			t.Fatal("for ever")
		}
	}
	if b.phase != bbrCruise || b.cwnd < 200_000 {
		t.Fatalf("phase %d, cwnd %d", b.phase, b.cwnd)
	}
	if b.minRTT != 100*time.Millisecond {
		t.Fatal(b.minRTT)
	}
}

func TestAPathWithoutAQueueNeedsNoRest(t *testing.T) {
	for rtt, rests := range map[time.Duration]bool{100 * time.Millisecond: false, 101500 * time.Microsecond: false, 102 * time.Millisecond: true} {
		b := bbrAt(bbrCruise)
		b.restRTT = 100 * time.Millisecond
		b.probeWait = time.Hour
		in := steady()
		in.rtt = rtt
		rested := false
		for range 100 {
			b.roundsSinceProbe = 0
			b.round(100*time.Millisecond, in)
			rested = rested || b.phase == bbrProbeRTT
		}
		if rested != rests {
			t.Errorf("%v where 100 ms are the least: rest %v", rtt, rested)
		}
	}
}

func TestRestLastsATimeAndARound(t *testing.T) { // §5.3.4.3
	b := bbrAt(bbrProbeRTT)
	b.in.inFlight = 62_501
	if b.rest(); b.restDone != 0 {
		t.Fatal("begins with too much in flight")
	}
	b.in.inFlight = 62_500
	if b.rest(); b.restDone != b.in.now.Add(200*time.Millisecond) {
		t.Fatal("does not begin")
	}
	b.in.now = b.in.now.Add(300 * time.Millisecond)
	if b.rest(); b.phase != bbrProbeRTT {
		t.Fatal("over without a round")
	}
	b.roundStart = true
	if b.rest(); b.phase != bbrCruise || b.restAt != b.in.now {
		t.Fatalf("phase %d", b.phase)
	}
	b = bbrAt(bbrProbeRTT)
	b.fullReached = false
	b.restDone = 1
	if b.checkRestDone(b.in.now); b.phase != bbrStartup {
		t.Fatal("Startup was not over")
	}
}

func TestShorterRoundTripsCountAtOnceLongerOnesAfterTenSeconds(t *testing.T) { // §5.5.7.2
	b := bbrAt(bbrCruise)
	b.in.rtt = 90 * time.Millisecond
	if b.updateMinRTT(); b.minRTT != 90*time.Millisecond {
		t.Fatal(b.minRTT)
	}
	b.in.rtt = 120 * time.Millisecond
	b.in.now = b.in.now.Add(9 * time.Second)
	if b.updateMinRTT(); b.minRTT != 90*time.Millisecond || b.restRTT != 120*time.Millisecond {
		t.Fatal(b.minRTT, b.restRTT)
	}
	b.in.now = b.in.now.Add(2 * time.Second)
	if b.updateMinRTT(); b.minRTT != 120*time.Millisecond {
		t.Fatal(b.minRTT)
	}
	b.in.rtt = 0
	if b.updateMinRTT(); b.minRTT != 120*time.Millisecond {
		t.Fatal("measured nothing")
	}
}

func TestIdleTimeIsRestEnough(t *testing.T) { // §5.3.4.2, §5.4.1
	b := bbrAt(bbrCruise)
	later := b.in.now.Add(time.Minute)
	b.restartFromIdle(later)
	if b.pacing != 1_237_500 || !b.idleRestart || b.extraSince != later {
		t.Fatalf("%+v", b)
	}
	in := steady()
	in.rtt = 150 * time.Millisecond
	b.in.now = later
	if b.round(100*time.Millisecond, in); b.phase == bbrProbeRTT {
		t.Fatal("rests after idle time")
	}
	b = bbrAt(bbrProbeRTT)
	b.restDone = b.in.now
	b.priorCwnd, b.cwnd = 250_000, 60_000
	if b.restartFromIdle(later); b.phase != bbrCruise || b.cwnd != 250_000 {
		t.Fatal("the rest is long over")
	}
}
