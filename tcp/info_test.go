package tcp

import "testing"

func TestInfoTellsWhereAConnectionStands(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 1500
		> . 1(1000)
		> P. 1001(500)
		< P. 1(10) ack 1001
		< P. 101(10) ack 1001
		> . 1501(0) ack 11`)
	i := s.sock.Info()
	if i.State != StateEstablished || i.MSS != 1000 || i.Unacked != 500 || i.SendQueue != 500 || i.RecvQueue != 10 || i.Gaps != 1 ||
		i.SendWindow != 10000 || i.RecvWindow == 0 || i.Cwnd == 0 || i.RTT == 0 || i.RTO == 0 || i.Timestamps {
		t.Fatalf("%+v", i)
	}
}

func TestInfoTellsOfBBRWhatItHas(t *testing.T) {
	s := newScript(t, &Config{Congestion: BBR}).sacking()
	if i := s.sock.Info(); i.PacingRate != 0 || i.Ssthresh != 0 {
		t.Fatalf("%+v", i)
	}
	s.run("write 1000\n> P. 1(1000)")
	if i := s.sock.Info(); i.PacingRate != 277_000 || i.Ssthresh != 0 {
		t.Fatalf("%+v", i)
	}
}

func TestInfoTellsWhatBecameOfWhatIsOutstanding(t *testing.T) {
	s := newScript(t, nil).sacking().run("write 5000")
	s.drain()
	if i := s.sock.Info(); i.Unacked != 5000 || i.Sacked != 0 || i.Lost != 0 || i.Resent != 0 {
		t.Fatalf("%+v", i)
	}
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 1001-4001`)
	if i := s.sock.Info(); i.Unacked != 5000 || i.Sacked != 3000 || i.Lost != 1000 || i.Resent != 0 || !i.FastRecovery {
		t.Fatalf("%+v", i)
	}
	s.run("> . 1(1000)")
	if i := s.sock.Info(); i.Unacked != 5000 || i.Sacked != 3000 || i.Lost != 0 || i.Resent != 1000 {
		t.Fatalf("%+v", i)
	}
	s.run("< . 1(0) ack 5001")
	if i := s.sock.Info(); i.Unacked != 0 || i.Sacked != 0 || i.Lost != 0 || i.Resent != 0 {
		t.Fatalf("%+v", i)
	}
}
