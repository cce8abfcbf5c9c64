package tcp

import (
	"testing"
	"time"
)

func TestRoundTripIsMeasuredAndSmoothed(t *testing.T) { // RFC 6298 §2.2, §2.3
	s := newScript(t, nil).active().run(`
		> S 0(0)
		+ 100ms
		< S. 0(0) ack 1 mss 1000
		> . 1(0)`)
	if i := s.sock.Info(); i.RTT != 100*time.Millisecond || i.RTTVar != 50*time.Millisecond || i.RTO != 300*time.Millisecond {
		t.Fatalf("%+v", i)
	}
	s.run(`
		write 10
		> P. 1(10)
		+ 20ms
		< . 1(0) ack 11`)
	// RTTVAR = 3/4*50 + 1/4*80, SRTT = 7/8*100 + 1/8*20
	if i := s.sock.Info(); i.RTT != 90*time.Millisecond || i.RTTVar != 57500*time.Microsecond || i.RTO != 320*time.Millisecond {
		t.Fatalf("%+v", i)
	}
}

func TestRetransmittedSegmentsAreNotMeasuredWithoutTimestamps(t *testing.T) { // Karn, RFC 6298 §3
	s := newScript(t, nil).established()
	rtt := s.sock.Info().RTT
	s.run(`
		write 10
		> P. 1(10)
		+ 200ms
		> P. 1(10)
		+ 150ms
		< . 1(0) ack 11`)
	if got := s.sock.Info().RTT; got != rtt {
		t.Fatalf("measured %v", got)
	}
	s.run(`
		write 10
		> P. 11(10)
		+ 150ms
		< . 1(0) ack 21`)
	if got := s.sock.Info().RTT; got == rtt {
		t.Fatal("not measured")
	}
}

func TestTimestampsTellWhichSendingWasAnswered(t *testing.T) { // RTTM, RFC 7323 §4
	s := newScript(t, nil).active().run(`
		> S 0(0) ts 5000 0
		+ 100ms
		< S. 0(0) ack 1 mss 1000 ts 1 5000
		> . 1(0)
		write 10
		> P. 1(10) ts 5100 1
		+ 300ms
		> P. 1(10) ts 5400 1
		+ 20ms
		< . 1(0) ack 11 ts 2 5400`)
	if got := s.sock.Info().RTT; got != 90*time.Millisecond {
		t.Fatalf("%v", got)
	}
}

func TestTimestampsFromNowhereMeasureNothing(t *testing.T) {
	s := newScript(t, nil).active().run(`
		> S 0(0)
		+ 100ms
		< S. 0(0) ack 1 mss 1000 ts 1 5000
		> . 1(0)
		write 10
		> P. 1(10)
		+ 300ms
		> P. 1(10)
		< . 1(0) ack 11 ts 2 999999999`)
	if got := s.sock.Info().RTT; got != 100*time.Millisecond {
		t.Fatalf("%v", got)
	}
}

func TestOneByteIsTimedAtATime(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 10
		> P. 1(10)
		+ 10ms
		write 10
		> P. 11(10)
		+ 10ms
		< . 1(0) ack 21`)
	if got := s.sock.srtt; got < 2000 || got > 3000 { // an eighth of 20 ms
		t.Fatalf("%d µs", got)
	}
}

// The first of a batch of ACKs ends the timing, and the others have nothing but a timestamp, in which a short round
// trip is none.
func TestTimestampsDoNotMeasureWhatTheClockMeasuresBetter(t *testing.T) {
	s := newScript(t, nil).active().run(`
		> S 0(0)
		+ 700us
		< S. 0(0) ack 1 mss 1000 ts 1 5000
		> . 1(0)`)
	for i := range 20 {
		s.run("write 5000")
		s.drain()
		s.advance(700 * time.Microsecond)
		for k := range 5 {
			ts := s.sock.tsVal(s.now.Add(-700 * time.Microsecond))
			s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.iss.Add(1 + 5000*i + 1000*(k+1)), Flags: ACK, Window: 10000, Options: Options{WScale: -1, HasTS: true, TSVal: ts, TSEcr: ts}})
		}
	}
	if got := s.sock.Info().RTT; got < 699*time.Microsecond || got > 700*time.Microsecond {
		t.Fatal(got)
	}
}

func TestATimestampOfThisMillisecondTellsNoRoundTrip(t *testing.T) {
	s := newScript(t, nil).active().run(`
		> S 0(0) ts 5000 0
		+ 1s
		> S 0(0) ts 6000 0
		+ 300us
		< S. 0(0) ack 1 mss 1000 ts 1 6000
		> . 1(0)`)
	if got := s.sock.Info().RTT; got != rttGranularity {
		t.Fatalf("no more than a millisecond, no less is known: %v", got)
	}
	s.run(`
		< . 1(0) ack 1 win 0 ts 1 6000
		write 10
		> -
		+ 200ms
		> . 1(1)
		+ 400ms
		> . 1(1) ts 6600 1
		+ 300us
		< . 1(0) ack 2 win 0 ts 2 6600`)
	if got := s.sock.Info().RTT; got != rttGranularity {
		t.Fatal(got)
	}
}
