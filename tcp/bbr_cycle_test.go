package tcp

import (
	"testing"
	"time"
)

func TestTheCycleOfProbeBW(t *testing.T) { // §5.3.3.6
	b := bbrAt(bbrDrain)
	b.startDown()
	if b.probeWait < 2*time.Second || b.probeWait >= 3*time.Second || b.acks != bbrAcksStopping {
		t.Fatalf("%+v", b.bbrCycle)
	}
	in := steady()
	in.inFlight = 130_000
	if b.round(100*time.Millisecond, in); b.phase != bbrDown {
		t.Fatal("cruises over a queue")
	}
	in.inFlight = 125_000
	if b.round(100*time.Millisecond, in); b.phase != bbrCruise {
		t.Fatalf("phase %d", b.phase)
	}
	began := b.cycleAt
	for b.phase == bbrCruise {
		if b.round(100*time.Millisecond, in); b.in.now.Sub(began) > 4*time.Second {
			t.Fatal("never probes")
		}
	}
	if b.phase != bbrRefill && b.phase != bbrUp || b.in.now.Sub(began) < 2*time.Second {
		t.Fatalf("phase %d after %v", b.phase, b.in.now.Sub(began))
	}
	for i := 0; b.phase == bbrRefill; i++ { // one round
		if b.round(100*time.Millisecond, in); i > 1 {
			t.Fatal("refills for ever")
		}
	}
	if b.phase != bbrUp || !b.probeSample {
		t.Fatalf("phase %d", b.phase)
	}
	in.inFlight = 156_000
	for i := 0; b.phase == bbrUp; i++ { // until three rounds have shown no growth
		if b.round(100*time.Millisecond, in); i > 4 {
			t.Fatal("probes for ever")
		}
	}
	if b.phase != bbrDown || b.tooHighBefore {
		t.Fatalf("phase %d", b.phase)
	}
}

func TestShortPathsAreProbedAsOftenAsRenoWould(t *testing.T) { // §5.3.3.5.3
	b := bbrAt(bbrCruise)
	b.minRTT = 8 * time.Millisecond // ten segments
	b.roundsSinceProbe = 9
	if b.probeIfDue() {
		t.Fatal("after nine rounds")
	}
	b.roundsSinceProbe = 10
	if !b.probeIfDue() || b.phase != bbrRefill {
		t.Fatal("not after ten")
	}
	b = bbrAt(bbrCruise)
	b.minRTT = 100 * time.Millisecond
	b.roundsSinceProbe = 62
	if b.probeIfDue() {
		t.Fatal("after 62")
	}
	b.roundsSinceProbe = 63
	if !b.probeIfDue() {
		t.Fatal("no later than after 63")
	}
}

func TestAProbeAfterATooHighOneIsBrief(t *testing.T) { // §5.3.3.4.2
	b := bbrAt(bbrUp)
	b.tooHighBefore, b.longterm = true, 140_000
	b.in.prior = 139_000
	if b.mustGoDown() {
		t.Fatal("before the level that was too high")
	}
	b.in.prior = 140_000
	if b.advanceCycle(); b.phase != bbrDown || !b.precautionary || b.tooHighBefore {
		t.Fatalf("%+v", b.bbrCycle)
	}
	b.roundStart = true // its ACKs are in, and nothing was lost
	if b.advanceCycle(); b.phase != bbrRefill || b.precautionary {
		t.Fatalf("no whole probe follows: %+v", b.bbrCycle)
	}
}

func TestAProbeGoesOnWhileItsOwnBoundLimitsIt(t *testing.T) { // §5.3.3.4.3
	b := bbrAt(bbrUp)
	b.longterm, b.cwnd = 140_000, 140_000
	b.fullNow, b.in.cwndBound = true, true
	if b.mustGoDown() || b.fullNow {
		t.Fatal("judged by its own bound")
	}
	b.fullNow, b.in.cwndBound = true, false
	if !b.mustGoDown() {
		t.Fatal("the pipe is full")
	}
}

func TestTheLongTermBoundRisesEverFaster(t *testing.T) { // §5.3.3.4.1: by 1, 2, 4, 8 ... segments a round
	b := bbrAt(bbrRefill)
	b.longterm, b.cwnd = 100_000, 100_000
	b.startUp()
	b.in.cwndBound = true
	rise := []uint32{}
	for range 4 {
		before := b.longterm
		for i := range 10 {
			b.roundStart = i == 9
			b.in.acked = before / 10
			b.raiseLongterm()
			b.cwnd = b.longterm
		}
		rise = append(rise, (b.longterm-before)/1000)
	}
	for i, want := range []uint32{1, 2, 4, 8} {
		if rise[i] < want || rise[i] > want+1 {
			t.Fatalf("%d", rise)
		}
	}
	b.in.cwndBound = false
	before := b.longterm
	if b.raiseLongterm(); b.longterm != before {
		t.Fatal("raised unused")
	}
}

func TestWhatWasInFlightWithoutMuchLossMayBe(t *testing.T) { // AdaptLongTermModel
	b := bbrAt(bbrCruise)
	b.longterm = 100_000
	b.in.txInFlight = 110_000
	b.in.lost = 2300
	if b.adaptLongterm(); b.longterm != 100_000 {
		t.Fatal("raised over losses")
	}
	b.in.lost = 2200
	if b.adaptLongterm(); b.longterm != 110_000 {
		t.Fatal(b.longterm)
	}
}

func TestFlowsDoNotProbeInStep(t *testing.T) {
	waits := map[time.Duration]bool{}
	for seed := range uint64(50) {
		b := bbrAt(bbrDrain)
		b.random = seed
		b.startDown()
		waits[b.probeWait/(10*time.Millisecond)] = true
	}
	if len(waits) < 30 {
		t.Fatalf("%d different waits of 50", len(waits))
	}
}
