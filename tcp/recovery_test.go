package tcp

import "testing"

func TestRecoveryEndsWhenAllThatWasOutHasArrived(t *testing.T) { // RFC 6675 §5
	s := newScript(t, renoConfig).sacking().run("write 20000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)`)
	if !s.sock.Info().FastRecovery {
		t.Fatal("no recovery")
	}
	s.drain()
	s.run("< . 1(0) ack 9001")
	if !s.sock.Info().FastRecovery {
		t.Fatal("the last segment of then is still out")
	}
	s.run("< . 1(0) ack 10001")
	if i := s.sock.Info(); i.FastRecovery || i.Cwnd != i.Ssthresh || i.Ssthresh != 5000 {
		t.Fatalf("%+v", i)
	}
}

func TestFurtherLossesInOneWindowReduceOnce(t *testing.T) { // RFC 6675 §5: one reduction a round trip
	s := newScript(t, renoConfig).sacking().run("write 10000")
	s.drain()
	s.run(`
		unpaced
		+ 100ms
		< . 1(0) ack 1 sack 1001-2001,3001-4001,5001-6001`)
	s.drain()
	s.run(`
		< . 1(0) ack 1 sack 7001-8001,5001-6001,3001-4001,1001-2001`)
	s.drain()
	s.run(`
		< . 1(0) ack 1 sack 9001-10001,7001-8001,5001-6001,3001-4001`)
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 10001`)
	if s.env.Stats.FastRetransmits != 1 || s.sock.ssthresh != 5000 || s.env.Stats.Retransmits != 5 {
		t.Fatalf("%+v, ssthresh %d", s.env.Stats, s.sock.ssthresh)
	}
}

func TestNewDataFollowsWhatArrivesBeforeALossIsFound(t *testing.T) { // RFC 3042, limited transmit
	s := newScript(t, nil).sacking().run("write 20000")
	if n := s.drain(); n != 10 {
		t.Fatal(n)
	}
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 1001-2001
		> . 10001(1000)
		< . 1(0) ack 1 sack 1001-3001
		> . 11001(1000)
		> -`)
	if s.env.Stats.FastRetransmits != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestATimeoutInARecoveryIsNoFurtherSignOfCongestion(t *testing.T) {
	s := newScript(t, renoConfig).sacking().run("write 20000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)`)
	s.drain()
	s.run(`
		+ 5s
		> . 1(1000)`)
	if st := s.env.Stats; st.Timeouts == 0 || s.sock.ssthresh != 5000 {
		t.Fatalf("%d timeouts, ssthresh %d", st.Timeouts, s.sock.ssthresh)
	}
}

func TestWhatIsSentAgainInRecoveryHasTheTimeOfARoundTrip(t *testing.T) { // RFC 6675 §6
	s := newScript(t, nil).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 290ms                     # the timer would expire at 300
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)
		+ 220ms                     # and at 500 because of a tail loss probe
		< . 1(0) ack 10001`)
	if st := s.env.Stats; st.Timeouts != 0 || st.Retransmits != 1 {
		t.Fatalf("%+v", st)
	}
}
