package tcp

import (
	"math"
	"testing"
	"time"
)

func TestTheGreatestRateIsRememberedForACycleMore(t *testing.T) { // §5.5.4, §5.5.6
	b := bbrAt(bbrCruise)
	b.in.bw = 900_000
	b.advanceMaxBW()
	if b.updateMaxBW(); b.greatestBW() != 1_250_000 {
		t.Fatal(b.greatestBW())
	}
	if b.advanceMaxBW(); b.greatestBW() != 900_000 {
		t.Fatal(b.greatestBW())
	}
	for range 3 { // cycles that measure nothing
		b.advanceMaxBW()
	}
	if b.greatestBW() != 900_000 {
		t.Fatal("forgotten without anything to take its place")
	}
}

func TestRatesThatTheApplicationLimitsCountWhenTheyShowMore(t *testing.T) { // §5.5.4
	b := bbrAt(bbrCruise)
	b.maxBW = [2]uint64{0, 1_000_000}
	b.in.appLimited = true
	b.in.bw = 999_999
	if b.updateMaxBW(); b.greatestBW() != 1_000_000 {
		t.Fatal(b.greatestBW())
	}
	b.in.bw = 1_100_000
	if b.updateMaxBW(); b.greatestBW() != 1_100_000 {
		t.Fatal(b.greatestBW())
	}
}

func TestARoundEndsWithTheFirstACKOfWhatWasSentInIt(t *testing.T) { // §5.5.1, over the wrap of the count
	b := bbrAt(bbrCruise)
	b.in.delivered = math.MaxUint32 - 500
	b.startRound(b.in.delivered)
	b.in.priorDelivered = math.MaxUint32 - 501
	if b.updateRound(); b.roundStart {
		t.Fatal("too early")
	}
	b.in.priorDelivered, b.in.delivered = 10, 2000
	if b.updateRound(); !b.roundStart || b.roundEnd != 2000 || b.roundCount != 1 {
		t.Fatalf("%+v", b.bbrModel)
	}
	b.in.sampled = false
	if b.updateRound(); b.roundStart {
		t.Fatal("an ACK of nothing")
	}
}

func TestAggregatedACKsWidenTheWindow(t *testing.T) { // §5.5.9
	b := bbrAt(bbrCruise)
	b.extraSince, b.extraDelivered = b.in.now, 0
	b.in.now = b.in.now.Add(10 * time.Millisecond)
	b.in.acked = 50_000 // 12,500 were to be expected, but the interval begins anew: 0 were delivered in it
	if b.updateAggregation(); b.extra() != 50_000 {
		t.Fatal(b.extra())
	}
	b.in.now = b.in.now.Add(20 * time.Millisecond)
	if b.updateAggregation(); b.extra() != 75_000 { // 100,000 in 20 ms, which give 25,000
		t.Fatal(b.extra())
	}
	b.in.acked = 0
	b.in.now = b.in.now.Add(time.Second)
	b.updateAggregation()
	for i := range 2*bbrExtraRounds + 1 {
		if b.extra() != 75_000 {
			t.Fatalf("forgotten after %d rounds", i)
		}
		b.roundStart = true
		if b.updateAggregation(); i >= 2*bbrExtraRounds-1 {
			break
		}
	}
	if b.extra() != 0 {
		t.Fatal("never forgotten")
	}
}

func TestAnExcessIsNoMoreThanTheWindow(t *testing.T) { // §5.5.9
	b := bbrAt(bbrCruise)
	b.cwnd, b.in.acked = 30_000, 1<<30
	if b.updateAggregation(); b.extra() != 30_000 {
		t.Fatal(b.extra())
	}
}

func TestVolumesAndRatesHaveBounds(t *testing.T) {
	if v := volume(math.MaxUint64, time.Hour); v != math.MaxUint64 {
		t.Error(v)
	}
	if v := volume(1_250_000, -1); v != 0 {
		t.Error(v)
	}
	if v := volume(1_250_000, 100*time.Millisecond); v != 125_000 {
		t.Error(v)
	}
	if r := rateOf(125_000, 100*time.Millisecond); r != 1_250_000 {
		t.Error(r)
	}
	if rateOf(1, 0) != 0 || rateOf(math.MaxUint32, 1) != math.MaxUint32*1_000_000_000 {
		t.Error("rates")
	}
}
