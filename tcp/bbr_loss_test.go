package tcp

import "testing"

func TestLossesInCruiseBringTheShortTermBoundsDown(t *testing.T) { // §5.5.10.3
	b := bbrAt(bbrCruise)
	b.noteLoss()
	b.latestBW, b.latestInFlight = 1_000_000, 80_000
	b.in.bw, b.in.rateDelivered = 1_000_000, 80_000
	b.lossRoundStart = true
	if b.congestionSignals(); b.bwShortterm != 1_000_000 || b.shortterm != 175_000 || b.lossInRound {
		t.Fatalf("%d %d", b.bwShortterm, b.shortterm)
	}
	b.lossRoundStart = true
	if b.congestionSignals(); b.bwShortterm != 1_000_000 {
		t.Fatal("without a loss")
	}
	b.noteLoss()
	b.latestBW, b.latestInFlight = 100_000, 8_000 // by three tenths at most
	b.lossRoundStart = true
	if b.congestionSignals(); b.bwShortterm != 700_000 || b.shortterm != 122_500 {
		t.Fatalf("%d %d", b.bwShortterm, b.shortterm)
	}
}

func TestLossesWhileProbingLeaveTheShortTermBoundsAlone(t *testing.T) { // §5.5.10.3
	for _, phase := range []bbrPhase{bbrStartup, bbrRefill, bbrUp} {
		b := bbrAt(phase)
		b.noteLoss()
		b.lossRoundStart = true
		if b.congestionSignals(); b.bwShortterm != unlimitedBW || b.shortterm != unlimited {
			t.Errorf("phase %d", phase)
		}
	}
}

func TestTooManyLossesEndAProbe(t *testing.T) { // §5.5.10.2
	b := bbrAt(bbrUp)
	b.probeSample = true
	b.lost(1000, 160_000, 3200, false) // two percent
	if b.phase != bbrUp || b.longterm != unlimited {
		t.Fatal("ended by two percent")
	}
	b.lost(1000, 160_000, 3201, false)
	if b.phase != bbrDown || !b.tooHighBefore || b.probeSample || !b.undoable {
		t.Fatalf("%+v", b)
	}
	if at := inFlightAtLoss(1000, 160_000, 3201); b.longterm != at || at < 159_000 || at > 160_000 {
		t.Fatalf("%d, losses became too many at %d", b.longterm, at)
	}
	before := b.longterm
	b.lost(1000, 160_000, 9000, false) // once for a probe
	if b.longterm != before {
		t.Fatal("twice")
	}
}

func TestOneProbeTakesNoMoreThanThreeTenths(t *testing.T) { // BBR.Beta
	b := bbrAt(bbrUp)
	b.probeSample = true
	b.lost(1000, 20_000, 5000, false)
	if b.longterm != 87_500 {
		t.Fatal(b.longterm)
	}
	b = bbrAt(bbrUp)
	b.probeSample = true
	b.lost(1000, 20_000, 5000, true) // what the application limited says nothing of the path
	if b.longterm != unlimited || b.phase != bbrDown {
		t.Fatal(b.longterm)
	}
}

func TestInFlightAtLossIsWhereTwoPercentWereReached(t *testing.T) { // §5.5.10.2
	// 100 segments of 1,000 in flight, the last 50 left in one go and are all lost: of 50 + x two percent are x, at
	// 51.02.
	if got := inFlightAtLoss(50_000, 100_000, 50_000); got != 51_020 {
		t.Error(got)
	}
	if got := inFlightAtLoss(1000, 500, 100_000); got != 0 {
		t.Error(got)
	}
}

func TestWithoutSACKOneLossIsTooMuch(t *testing.T) {
	b := bbrAt(bbrUp)
	b.in.sack, b.in.lost, b.in.txInFlight = false, 1, 1_000_000
	if !b.tooHigh() {
		t.Fatal("not")
	}
}

func TestBBRTakesALossBackThatWasNone(t *testing.T) { // §5.5.11.2
	b := bbrAt(bbrUp)
	b.probeSample = true
	b.lost(1000, 20_000, 5000, false)
	b.cwnd = 80_000
	b.takeBack()
	if b.phase != bbrRefill || b.longterm != unlimited || b.cwnd != 250_000 || b.lossInRound || b.undoable {
		t.Fatalf("%+v", b)
	}
	b = lossy(6, 5000, true)
	b.saveCwnd(false)
	b.undoLongterm = unlimited
	b.takeBack()
	if b.phase != bbrStartup || b.fullReached || b.longterm != unlimited {
		t.Fatalf("%+v", b)
	}
	b = bbrAt(bbrCruise) // no phase was left because of it
	b.noteLoss()
	b.takeBack()
	if b.phase != bbrCruise {
		t.Fatalf("phase %d", b.phase)
	}
	b = bbrAt(bbrUp)
	b.probeSample = true
	b.lost(1000, 20_000, 5000, false)
	b.phase = bbrProbeRTT
	if b.takeBack(); b.phase != bbrProbeRTT {
		t.Fatal("ProbeRTT was left")
	}
}
