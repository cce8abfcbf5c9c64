package tcp

import "testing"

func TestANarrowerPathGetsShorterSegmentsAtOnceWithoutSlowingDown(t *testing.T) { // RFC 1191 §6.5
	s := newScript(t, nil).established().run(`
		write 3000
		> . 1(1000)
		> . 1001(1000)
		> . 2001(1000)`)
	cwnd := s.sock.Info().Cwnd
	s.sock.PathNarrowed(s.now, 600)
	s.run(`
		> . 1(600)
		> . 601(600)
		> . 1201(600)
		> . 1801(600)
		> . 2401(600)
		< . 1(0) ack 3001
		> -`)
	if i := s.sock.Info(); i.MSS != 600 || i.Cwnd < cwnd || s.env.Stats.Timeouts != 0 {
		t.Errorf("%+v", i)
	}
	s.sock.PathNarrowed(s.now, 900)
	if s.sock.Info().MSS != 600 {
		t.Error("an ICMP message made segments longer")
	}
	s.sock.PathNarrowed(s.now, 1)
	if s.sock.Info().MSS != minMSS {
		t.Errorf("segments of %d bytes", s.sock.Info().MSS)
	}
}

func TestOnlyWhatIsOutstandingCanBeQuoted(t *testing.T) { // RFC 5927 §4.1
	s := newScript(t, nil).established().run(`
		write 2000
		> . 1(1000)
		> . 1001(1000)
		< . 1(0) ack 1001`)
	for off, want := range map[int]bool{0: false, 1000: false, 1001: true, 2000: true, 2001: false, 5000: false} {
		if s.sock.Outstanding(s.iss.Add(off)) != want {
			t.Errorf("number %d: not %v", off, want)
		}
	}
}
