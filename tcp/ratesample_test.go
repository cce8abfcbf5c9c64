package tcp

import (
	"testing"
	"time"
)

const ms = Instant(time.Millisecond)

func TestTheDeliveryRateIsTheSlowerOfSendingAndArriving(t *testing.T) { // draft-ietf-ccwg-bbr §4.1.1
	var x rate
	var a run
	x.stamp(0, &a, 0, 1000)
	a.from, a.to = 0, 1000
	b := run{from: 1000, to: 2000}
	x.stamp(10*ms, &b, 1000, 1000)
	var s ackSample
	x.arrived(50*ms, &a, &s)
	x.sample(&s)
	if s.rateDelivered != 1000 || s.rateInterval != 50*time.Millisecond || s.txInFlight != 1000 {
		t.Fatalf("%+v", s)
	}
	s = ackSample{}
	x.arrived(60*ms, &b, &s)
	x.sample(&s)
	// b was sent 10 ms after the interval began, and arrived 60 ms after the count that it was sent with.
	if s.rateDelivered != 2000 || s.rateInterval != 60*time.Millisecond || s.txInFlight != 2000 || s.delivered != 1000 {
		t.Fatalf("%+v", s)
	}
}

func TestCompressedACKsDoNotMakeThePathSeemFaster(t *testing.T) {
	var x rate
	var runs [10]run
	for i := range runs {
		runs[i] = run{from: Seq(i * 1000), to: Seq(i*1000 + 1000)}
		x.stamp(Instant(i)*10*ms, &runs[i], i*1000, 1000)
	}
	for i := range runs { // all at 200 ms
		var s ackSample
		x.arrived(200*ms, &runs[i], &s)
		x.sample(&s)
		if rate := float64(s.rateDelivered) / s.rateInterval.Seconds(); rate > 100_000 {
			t.Fatalf("run %d: %.0f bytes a second; it was sent at 100,000", i, rate)
		}
	}
}

func TestWhatWasSentWithNothingMoreToSendIsMarked(t *testing.T) {
	var x rate
	a := run{from: 0, to: 1000}
	x.stamp(0, &a, 0, 1000)
	x.limitedAt(1000)
	b := run{from: 1000, to: 2000}
	x.stamp(ms, &b, 1000, 1000)
	var s ackSample
	x.arrived(10*ms, &a, &s)
	x.sample(&s)
	if s.rateLimited || !x.limited {
		t.Fatal("the first was sent before", s.rateLimited, x.limited)
	}
	s = ackSample{}
	x.arrived(11*ms, &b, &s)
	x.sample(&s)
	if !s.rateLimited || x.limited {
		t.Fatal("the second was, and with it the bubble is over", s.rateLimited, x.limited)
	}
}

func TestNothingDeliveredIsNoSample(t *testing.T) {
	var x rate
	var s ackSample
	x.sample(&s)
	if s.rateInterval != 0 || s.rateDelivered != 0 {
		t.Fatalf("%+v", s)
	}
}
