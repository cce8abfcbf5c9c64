package tcp

import (
	"errors"
	"testing"
	"time"
)

func TestALostTailIsProbedAfterTwoRoundTrips(t *testing.T) { // RFC 8985 §7.2, §7.3
	s := newScript(t, nil).sacking().run("write 5000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 2001           # the other three were lost
		> -
		+ 199ms
		> -
		+ 1ms
		> P. 4001(1000)             # the last segment again
		> -
		+ 100ms
		< . 1(0) ack 2001 sack 4001-5001
		+ 25ms
		> . 2001(1000)
		> -                         # one, until something arrives (RFC 6937)
		+ 100ms
		< . 1(0) ack 3001 sack 4001-5001
		> . 3001(1000)
		< . 1(0) ack 5001`)
	if st := s.env.Stats; st.Timeouts != 0 || st.TailProbes != 1 || st.FastRetransmits != 1 {
		t.Fatalf("%+v", st)
	}
}

func TestAProbeIsNewDataWhenThereIsSome(t *testing.T) { // RFC 8985 §7.3
	s := newScript(t, nil).sacking().run("write 12000")
	if n := s.drain(); n != 10 {
		t.Fatal(n)
	}
	s.run(`
		+ 199ms
		> -
		+ 1ms
		> . 10001(1000)             # beyond the congestion window
		> -`)
}

func TestASingleSegmentIsGivenTheTimeOfADelayedACK(t *testing.T) { // RFC 8985 §7.2
	s := newScript(t, nil).sacking().run(`
		write 10
		> P. 1(10)
		+ 299ms
		> -`)
	if s.env.Stats.TailProbes != 0 {
		t.Fatal("too early")
	}
	s.run(`
		+ 1ms                       # the retransmission timer's time, which a probe comes no later than
		> P. 1(10)`)
	if s.env.Stats.TailProbes != 1 || s.env.Stats.Timeouts != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
	s.run(`
		+ 300ms
		> P. 1(10)`)
	if s.env.Stats.TailProbes != 1 || s.env.Stats.Timeouts != 1 {
		t.Fatalf("one probe, then the timer: %+v", s.env.Stats)
	}
}

func TestALossThatAProbeHasRepairedIsASignOfCongestion(t *testing.T) { // RFC 8985 §7.4
	for _, c := range []struct {
		ack     string
		reduced bool
	}{
		{"< . 1(0) ack 5001\nwrite 1000\n> P. 5001(1000)\n< . 1(0) ack 6001", true},
		{"< . 1(0) ack 5001 sack 4001-5001\nwrite 1000\n> P. 5001(1000)\n< . 1(0) ack 6001", false}, // both have arrived
	} {
		s := newScript(t, nil).sacking().run("write 5000")
		s.drain()
		s.run(`
			+ 100ms
			< . 1(0) ack 4001
			+ 300ms
			> P. 4001(1000)
			+ 100ms`)
		if s.env.Stats.TailProbes != 1 {
			t.Fatalf("%+v", s.env.Stats)
		}
		s.run(c.ack)
		if got := s.sock.ssthresh < maxCwnd; got != c.reduced {
			t.Errorf("%q: reduced %v", c.ack, got)
		}
		if c.reduced && s.sock.cwnd > s.sock.ssthresh+1000 {
			t.Errorf("the window stays at %d over a threshold of %d", s.sock.cwnd, s.sock.ssthresh)
		}
	}
}

func TestNoProbesWithoutSACK(t *testing.T) { // RFC 8985 §7.2
	s := newScript(t, nil).established().run("write 5000")
	s.drain()
	s.run(`
		+ 200ms
		> . 1(1000)`)
	if s.env.Stats.TailProbes != 0 || s.env.Stats.Timeouts != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestALostFINIsProbedToo(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		write 100
		closewrite
		> FP. 1(100)
		+ 300ms
		> FP. 1(100)
		< . 1(0) ack 102
		state FIN-WAIT-2`)
	if s.sock.ssthresh != maxCwnd {
		t.Fatal("the ACK of FIN, up to which the probe went, shows no loss")
	}
}

// A host that was suspended comes back with every timer due at once.
func TestAProbeThatIsDueWhenPatienceEndsEndsTheConnection(t *testing.T) {
	s := newScript(t, nil).sacking().run("write 1000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1001
		write 1000
		> P. 1001(1000)`)
	s.sock.Expire(s.now.Add(24 * time.Hour))
	if !errors.Is(s.sock.Err(), ErrTimeout) {
		t.Fatalf("%v, %v", s.sock.State(), s.sock.Err())
	}
}

// The receiver has all of it, but its application does not read yet: what could tell of no room is not worth an ACK to
// it before its timer.
func TestAFullWindowIsGivenTheTimeOfADelayedACK(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		write 6000
		> . 1(1000)
		> . 1001(1000)
		> . 2001(1000)
		> . 3001(1000)
		> . 4001(1000)
		> P. 5001(1000)
		+ 100ms
		< . 1(0) ack 1001 win 5500  # five are out, and no further one fits
		+ 239ms
		> -
		+ 1ms
		> P. 5001(1000)`)
	if s.env.Stats.TailProbes != 1 || s.env.Stats.Timeouts != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

// The peer has taken back its window (RFC 9293 §3.8.6, SHLD-15): what lies beyond it would be dropped, and tell
// nothing.
func TestAProbeStaysWithinAWindowThatHasShrunk(t *testing.T) {
	s := newScript(t, nil).sacking().run("write 5000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1001 win 1024
		+ 240ms
		> . 1001(1000)
		+ 100ms
		< . 1(0) ack 5001 win 1024`)
	if s.env.Stats.TailProbes != 1 || s.env.Stats.Timeouts != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}
