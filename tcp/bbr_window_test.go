package tcp

import "testing"

func TestWhatMayBeInFlight(t *testing.T) { // §5.6.4.2
	b := bbrAt(bbrCruise)
	if got := b.inFlightFor(b.bw, 100); got != 125_000 {
		t.Error(got)
	}
	b.phase = bbrUp
	if got := b.inFlightFor(b.bw, 100); got != 127_000 {
		t.Errorf("UP: %d", got)
	}
	b = bbrAt(bbrCruise)
	b.minRTT = 1e6
	if got := b.inFlightFor(b.bw, 100); got != 6000 { // three quanta, of two segments
		t.Errorf("offload: %d", got)
	}
	b.minRTT = 0
	if got := b.bdp(b.bw, 200); got != 10_000 {
		t.Errorf("before a round trip was measured: %d", got)
	}
	if got := b.targetInFlight(); got != 10_000 {
		t.Errorf("target: %d", got)
	}
}

func TestTheWindowFollowsTheModel(t *testing.T) { // §5.6.4.6
	b := bbrAt(bbrCruise)
	b.cwnd, b.in.acked = 100_000, 4000
	if b.setCwnd(); b.cwnd != 104_000 {
		t.Error(b.cwnd)
	}
	b.cwnd = 400_000
	if b.setCwnd(); b.cwnd != 250_000 { // twice what the path holds
		t.Error(b.cwnd)
	}
	b.fullReached, b.cwnd, b.in.delivered = false, 300_000, 100_000
	if b.setCwnd(); b.cwnd != 300_000 {
		t.Errorf("cut in Startup: %d", b.cwnd)
	}
	b.in.delivered = 9000 // less than an initial window: nothing is known yet
	if b.setCwnd(); b.cwnd != 304_000 {
		t.Error(b.cwnd)
	}
	b = bbrAt(bbrCruise)
	b.cwnd, b.bw, b.shortterm = 0, 1, 0
	if b.setCwnd(); b.cwnd != 4000 {
		t.Errorf("less than four segments: %d", b.cwnd)
	}
}

func TestBoundsOfTheWindow(t *testing.T) { // §5.6.4.7
	for phase, want := range map[bbrPhase]uint32{
		bbrStartup: 250_000, bbrDrain: 250_000, bbrDown: 100_000, bbrRefill: 100_000, bbrUp: 100_000, bbrCruise: 85_000, bbrProbeRTT: 85_000,
	} {
		b := bbrAt(phase)
		b.longterm = 100_000
		if b.boundCwnd(); b.cwnd != want {
			t.Errorf("phase %d: %d, want %d", phase, b.cwnd, want)
		}
		b.shortterm = 70_000
		if b.boundCwnd(); b.cwnd != 70_000 {
			t.Errorf("phase %d: %d in the short term", phase, b.cwnd)
		}
	}
}

func TestHeadroomIsASegmentAtLeast(t *testing.T) { // §5.3.3.6
	b := bbrAt(bbrCruise)
	for longterm, want := range map[uint32]uint32{unlimited: unlimited, 100_000: 85_000, 6000: 5000, 500: 4000} {
		if b.longterm = longterm; b.withHeadroom() != want {
			t.Errorf("%d: %d, want %d", longterm, b.withHeadroom(), want)
		}
	}
}

func TestTheWindowComesBackAfterWhatHasCutIt(t *testing.T) { // §5.6.4.4
	b := bbrAt(bbrCruise)
	b.priorCwnd = 900_000 // of long ago
	b.saveCwnd(false)
	b.cwnd = 4000
	b.saveCwnd(true)
	if b.restoreCwnd(); b.cwnd != 250_000 {
		t.Fatal(b.cwnd)
	}
}
