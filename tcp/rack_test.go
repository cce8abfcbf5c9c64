package tcp

import (
	"testing"
	"time"
)

// out is a connection over a path of 100 ms with ten segments outstanding, that were sent a millisecond after another.
func out(t *testing.T) *script {
	s := newScript(t, nil).sacking()
	for range 10 {
		s.run("write 1000\n+ 1ms")
		s.drain()
	}
	return s.run("+ 90ms")
}

func TestASegmentIsLostAQuarterOfARoundTripAfterALaterOneHasArrived(t *testing.T) { // RFC 8985 §6.2 step 5
	s := out(t).run(`
		< . 1(0) ack 1 sack 1001-2001
		> -
		+ 23ms
		> -
		+ 2ms                       # 100 ms for what arrived, 25 ms for reordering
		> . 1(1000)
		> -`)
	if s.env.Stats.FastRetransmits != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestAReportOfNothingNewIsNotLookedInto(t *testing.T) { // a flood of them costs no look through the flight
	s := out(t).run("< . 1(0) ack 1 sack 1001-2001")
	due := s.sock.tx.rackAt
	s.sock.tx.rackAt = due + 1 // what a look would put right
	s.run("< . 1(0) ack 1 sack 1001-2001")
	if due == Never || s.sock.tx.rackAt != due+1 {
		t.Fatal(due, s.sock.tx.rackAt)
	}
}

func TestThreeSegmentsBeyondAHoleAreProofAtOnce(t *testing.T) { // RFC 8985 §6.2 step 4: DupThresh, while no reordering was seen
	out(t).run(`
		< . 1(0) ack 1 sack 1001-2001
		< . 1(0) ack 1 sack 1001-3001
		> -
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)`)
}

func TestReorderingThatWasSeenIsWaitedFor(t *testing.T) { // RFC 8985 §6.2 steps 3 and 4
	s := out(t).run(`
		< . 1(0) ack 1 sack 1001-2001
		< . 1(0) ack 2001           # the first came late
		< . 1(0) ack 2001 sack 3001-4001
		< . 1(0) ack 2001 sack 3001-5001
		< . 1(0) ack 2001 sack 3001-6001
		< . 1(0) ack 2001 sack 3001-7001
		> -
		< . 1(0) ack 7001`)
	if s.env.Stats.FastRetransmits != 0 || s.env.Stats.Retransmits != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestALostRetransmissionIsFoundByWhatWasSentAfterIt(t *testing.T) { // RFC 8985 §3.1: no timeout
	s := out(t).run(`
		unpaced
		write 5000
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)
		< . 1(0) ack 1 sack 1001-10001`)
	if n := s.drain(); n == 0 {
		t.Fatal("no new data")
	}
	s.run(`
		+ 50ms
		write 1
		+ 51ms
		< . 1(0) ack 1 sack 1001-12001
		+ 26ms
		> . 1(1000)`)
	if s.env.Stats.Timeouts != 0 || s.env.Stats.Retransmits != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestDuplicatesWidenTheWindowForReorderingOnceARoundTrip(t *testing.T) { // RFC 8985 §6.2 step 4
	s := out(t)
	tx := s.sock.tx
	tx.rack.minRTT, tx.rack.reordered, tx.rack.known = 100*time.Millisecond, true, true
	s.sock.srtt = 1 << 27
	if got := s.sock.reoWindow(); got != 25*time.Millisecond {
		t.Fatal(got)
	}
	s.sock.rackDSACK()
	s.sock.rackDSACK() // the same round trip
	if got := s.sock.reoWindow(); got != 50*time.Millisecond {
		t.Fatal(got)
	}
	s.run("< . 1(0) ack 10001\nwrite 1000")
	s.drain()
	tx.rack.minRTT = 100 * time.Millisecond
	s.sock.rackDSACK()
	if got := s.sock.reoWindow(); got != 75*time.Millisecond {
		t.Fatal(got)
	}
	s.sock.srtt = 10_000
	if got := s.sock.reoWindow(); got != 10*time.Millisecond {
		t.Fatal("never more than a round trip", got)
	}
	for range reoPersist {
		tx.rack.recovered()
	}
	if tx.rack.mult != 1 {
		t.Fatal("not narrowed after", reoPersist, "recoveries")
	}
}

func TestTheLeastRoundTripIsForgottenAfterAWhile(t *testing.T) {
	var k rack
	k.heard(0, 10*time.Millisecond)
	k.heard(Instant(time.Minute), 20*time.Millisecond)
	if k.minRTT != 10*time.Millisecond {
		t.Fatal(k.minRTT)
	}
	k.heard(Instant(6*time.Minute), 20*time.Millisecond)
	if k.minRTT != 20*time.Millisecond {
		t.Fatal(k.minRTT)
	}
}

func TestADuplicateThatAProbeMadeWidensNoWindow(t *testing.T) { // RFC 8985 §7.4: a timer sent it, whatever the order of arrival
	s := newScript(t, nil).sacking().run(`
		write 1000
		> P. 1(1000)
		+ 300ms
		> P. 1(1000)
		< . 1(0) ack 1001 sack 1-1001`)
	if s.env.Stats.DSACKs != 1 || s.sock.tx.rack.mult > 1 {
		t.Fatalf("%+v, %d", s.env.Stats, s.sock.tx.rack.mult)
	}
}

func TestARoundOfDuplicatesEnds(t *testing.T) { // before its number comes again
	k := rack{inRound: true, round: 100}
	k.advanced(99)
	if !k.inRound {
		t.Fatal("too early")
	}
	k.advanced(100)
	k.advanced(k.round + 1<<31)
	if k.inRound {
		t.Fatal("DSACKs are not heard any more")
	}
}
