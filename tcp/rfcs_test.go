package tcp

import "testing"

// Requirements of RFC 6298, 7323 and 8985 that no test of a single file is about. REQUIREMENTS.md names a test for
// each.

func TestTheTimerStopsWhenAllIsAcknowledged_RFC6298_5_2(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 2000
		> . 1(1000)
		> P. 1001(1000)
		+ 10ms
		< . 1(0) ack 2001
		+ 1h
		> -`)
	if s.env.Stats.Timeouts != 0 || s.env.Stats.Retransmits != 0 || s.sock.Deadline() != Never {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestAWindowIsScaledOnlyWhenBothHaveSaidSo_RFC7323_2_2(t *testing.T) {
	for _, c := range []struct {
		answer string
		want   int
	}{{"< S. 0(0) ack 1 win 500 mss 1000 wscale 7", 100 << 7}, {"< S. 0(0) ack 1 win 500 mss 1000", 100}} {
		s := newScript(t, nil).active().run("> S 0(0)\n" + c.answer)
		if got := s.sock.Info().SendWindow; got != 500 {
			t.Errorf("%s: the window of a SYN is %d", c.answer, got)
		}
		s.run("< . 1(0) ack 1 win 100")
		if got := s.sock.Info().SendWindow; got != c.want {
			t.Errorf("%s: %d, want %d", c.answer, got, c.want)
		}
	}
}

func TestARSTNeedsNoTimestamp_RFC7323_3_2(t *testing.T) {
	stamped(t).run(`
		< R 1(0)
		state CLOSED
		err reset`)
}

func TestARSTIsHeardWhateverItsTimestamp_RFC7323_5_2(t *testing.T) {
	stamped(t).run(`
		< R 1(0) ts 999 5000
		state CLOSED
		err reset`)
}

func TestATimeoutLeavesAloneWhatWasJustSent_RFC8985_6_3(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		write 1000
		> P. 1(1000)
		+ 100ms
		< . 1(0) ack 1001
		write 1000
		> P. 1001(1000)
		+ 250ms
		> P. 1001(1000)             # a probe
		+ 200ms
		write 1000
		> P. 2001(1000)
		+ 50ms
		> . 1001(1000)              # the timeout
		> -`)
	if s.env.Stats.Timeouts != 1 || s.sock.pipe() != 2000 {
		t.Fatalf("%d timeouts, %d bytes are thought to be on their way", s.env.Stats.Timeouts, s.sock.pipe())
	}
	s.run(`
		+ 100ms
		< . 1(0) ack 3001
		+ 1h
		> -`)
	if s.env.Stats.Retransmits != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
}
