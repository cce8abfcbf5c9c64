package tcp

import (
	"testing"
	"time"
)

// cubicAt is a socket of CUBIC's whose round trip is 100 ms.
func cubicAt(cwnd, ssthresh uint32) *Socket {
	s := window(cwnd, ssthresh)
	s.srtt = 100_000
	s.sndMax = s.sndUna.Add(int(cwnd))
	return s
}

// cubicRTT acknowledges a window of data in d, segment by segment.
func cubicRTT(s *Socket, now *Instant, d time.Duration) {
	n := int(s.cwnd / 1000)
	for range n {
		*now = now.Add(d / time.Duration(n))
		s.tx.rate.delivered += 1000
		cubic{}.acknowledged(s, *now, &ackSample{delivered: 1000, advances: true, prior: int(s.cwnd)})
	}
}

// cubicLoss is a fast recovery, in no time.
func cubicLoss(s *Socket) {
	s.sndMax = s.sndUna.Add(int(s.cwnd))
	s.saveUndo()
	cubic{}.enterRecovery(s, 0)
	s.cwnd = s.ssthresh
	cubic{}.leaveRecovery(s, 0)
}

func TestCubicLeavesSevenTenthsAfterALoss(t *testing.T) { // RFC 9438 §4.6
	s := cubicAt(100_000, 50_000)
	cubicLoss(s)
	if s.ssthresh != 70_000 || s.tx.cc.cubic.wMax != 100_000 || s.tx.cc.cubic.prior != 100_000 {
		t.Fatalf("%d %+v", s.ssthresh, s.tx.cc.cubic)
	}
	s = cubicAt(100_000, 50_000)
	s.sndMax = s.sndUna.Add(20_000) // what was out counts, not a window that was not used
	cubic{}.enterRecovery(s, 0)
	if s.ssthresh != 14_000 {
		t.Fatal(s.ssthresh)
	}
	s.sndMax = s.sndUna.Add(1000)
	if (cubic{}).timeout(s, 0, false); s.ssthresh != 2000 {
		t.Fatalf("%d, less than two segments", s.ssthresh)
	}
}

func TestCubicRisesToItsPlateauAndLooksBeyond(t *testing.T) { // RFC 9438 §4.2, §4.4, §4.5
	s := cubicAt(1_000_000, 500_000)
	cubicLoss(s)
	now := Instant(1e9)
	s.tx.cc.cubic.seenAt = now
	var at [200]uint32
	for i := range at {
		cubicRTT(s, &now, 100*time.Millisecond)
		at[i] = s.cwnd
	}
	// K is 9.085 s: round trip 91. The window follows the curve a round trip ahead, as §4.2 has it.
	for _, i := range []int{10, 30, 60, 90, 120, 150} {
		want := cubicWindow(s.tx.cc.cubic.t-time.Duration(199-i)*100*time.Millisecond, 9085, 1_000_000, 1000)
		if got := at[i]; got < want-want/200 || got > want+want/50 {
			t.Errorf("after %d round trips: %d, want about %d", i, got, want)
		}
	}
	if early, middle, late := at[10]-at[0], at[95]-at[85], at[199]-at[189]; middle*10 > early || middle*10 > late {
		t.Errorf("no plateau: grows by %d, %d and %d", early, middle, late)
	}
}

func TestCubicGrowsByHalfARoundTripAtMost(t *testing.T) { // RFC 9438 §4.2: target ≤ 1.5 cwnd
	c := cubicCurve{started: true, t: time.Hour, wMax: 10_000}
	w := uint32(10_000)
	for range 10 {
		w = c.window(w, 1000, 1000, 0)
	}
	if w < 14_500 || w > 16_500 {
		t.Fatal(w)
	}
}

func TestCubicIsNoSlowerThanReno(t *testing.T) { // RFC 9438 §4.3
	s := cubicAt(20_000, 10_000)
	cubicLoss(s)
	now := Instant(1e9)
	s.srtt = 1000
	s.tx.cc.cubic.seenAt = now
	before := s.cwnd
	trips := 0
	for s.cwnd < 20_000 {
		cubicRTT(s, &now, time.Millisecond) // the curve moves by nothing in so short a time
		trips++
	}
	// α = 9/17 segments a round trip: six segments take 11.3 of them.
	if before != 14_000 || trips < 11 || trips > 13 {
		t.Fatalf("%d round trips from %d", trips, before)
	}
	at := s.cwnd
	for range 10 { // and then one segment each (α = 1)
		cubicRTT(s, &now, time.Millisecond)
	}
	if s.cwnd < at+9000 || s.cwnd > at+11000 {
		t.Fatalf("%d from %d in ten round trips", s.cwnd, at)
	}
}

func TestCubicMakesRoomForOthers(t *testing.T) { // RFC 9438 §4.7, fast convergence
	s := cubicAt(100_000, 50_000)
	cubicLoss(s)
	cubicLoss(s) // at 70,000
	if c := s.tx.cc.cubic; c.wMax != 59_500 || c.prior != 70_000 || s.ssthresh != 49_000 {
		t.Fatalf("%d %+v", s.ssthresh, c)
	}
}

func TestCubicBeginsAnewAfterATimeout(t *testing.T) { // RFC 9438 §4.8
	s := cubicAt(100_000, 50_000)
	cubic{}.timeout(s, 0, false)
	cubic{}.timeout(s, 0, true)
	if s.ssthresh != 70_000 {
		t.Fatal(s.ssthresh)
	}
	s.cwnd = 70_000
	cubic{}.acknowledged(s, 1e9, &ackSample{delivered: 1000, advances: true, prior: 70_000})
	if c := s.tx.cc.cubic; c.k != 0 || c.wMax != 70_000 || c.wEst != 70_000 {
		t.Fatalf("%+v", c)
	}
}

func TestCubicTakesAReductionBack(t *testing.T) { // RFC 9438 §4.9
	s := cubicAt(100_000, 50_000)
	cubicLoss(s)
	now := Instant(1e9)
	cubicRTT(s, &now, 100*time.Millisecond)
	before, cwnd := s.tx.cc.cubic.cubicCurve, s.cwnd
	s.tx.undo = undo{}
	cubicLoss(s)
	s.takeBack(now)
	if s.tx.cc.cubic.cubicCurve != before || s.cwnd != cwnd {
		t.Fatalf("%+v, was %+v", s.tx.cc.cubic, before)
	}
}

func TestCubicDoesNotCountTimeInWhichTheWindowWasNotUsed(t *testing.T) { // RFC 9438 §5.8
	s := cubicAt(100_000, 50_000)
	now := Instant(1e9)
	cubicRTT(s, &now, 100*time.Millisecond)
	passed := s.tx.cc.cubic.t
	now = now.Add(time.Minute) // nothing was outstanding
	s.tx.busyAt = now
	cubicRTT(s, &now, 100*time.Millisecond)
	if d := s.tx.cc.cubic.t - passed; d > 110*time.Millisecond {
		t.Fatalf("%v of a pause", d)
	}
	passed = s.tx.cc.cubic.t
	for range 100 {
		now = now.Add(time.Second)
		s.tx.rate.delivered += 1000
		cubic{}.acknowledged(s, now, &ackSample{delivered: 1000, advances: true, prior: 1000})
	}
	if s.tx.cc.cubic.t != passed {
		t.Fatalf("%v of little use", s.tx.cc.cubic.t-passed)
	}
}

func TestHyStartEndsCubicsFirstSlowStartOnly(t *testing.T) { // RFC 9438 §4.10, RFC 9406 §4.3
	for _, first := range []bool{true, false} {
		s := cubicAt(10_000, maxCwnd)
		if !first {
			s.ssthresh = 1 << 29
		}
		now := Instant(1e9)
		for round := range 12 {
			rtt := time.Duration(100+20*round) * time.Millisecond
			prior := s.tx.rate.delivered
			for range 10 {
				now = now.Add(rtt / 10)
				s.tx.rate.delivered += 1000
				cubic{}.acknowledged(s, now, &ackSample{delivered: 1000, advances: true, prior: int(s.cwnd), rtt: rtt, hasRun: true, priorDelivered: prior})
			}
		}
		if ended := s.ssthresh < 1<<29; ended != first {
			t.Errorf("first %v: ssthresh %d", first, s.ssthresh)
		}
	}
}

func TestCubicAllocatesNothing(t *testing.T) {
	s := cubicAt(100_000, 50_000)
	now := Instant(1e9)
	if n := testing.AllocsPerRun(100, func() {
		now = now.Add(time.Millisecond)
		s.congestion().acknowledged(s, now, &s.tx.ack)
	}); n != 0 {
		t.Fatal(n)
	}
}
