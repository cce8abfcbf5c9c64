package tcp

import "testing"

func TestSynReceivedIsCompletedByTheWindowOfTheACK(t *testing.T) {
	s := newScript(t, nil).passive("mss 1000 wscale 4 win 65000").run(`
		> S. 0(0)
		< . 1(0) ack 1 win 100`)
	if got := s.sock.Info().SendWindow; got != 1600 {
		t.Fatal(got)
	}
	if s.env.Stats.PassiveOpens != 1 || s.env.Stats.Established != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestSynReceivedTakesTheSYNACKOfASimultaneousOpenOnce(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0)
		< S 0(0)
		> S. 0(0) ack 1
		< S. 0(0) ack 1
		> . 1(0) ack 1
		state ESTABLISHED
		+ 1s
		< S. 0(0) ack 1
		> . 1(0) ack 1
		state ESTABLISHED`)
}

func TestSynReceivedTakesTheWindowOfASYNACKUnscaled(t *testing.T) { // RFC 7323 §2.2, in a simultaneous open, too
	for win, want := range map[string]int{"1024": 1024, "100": 128, "0": 0} {
		s := newScript(t, nil).active().run(`
			> S 0(0)
			< S 0(0) mss 1000 wscale 7 win ` + win + `
			> S. 0(0) ack 1
			< S. 0(0) ack 1 mss 1000 wscale 7 win ` + win + `
			> . 1(0) ack 1
			state ESTABLISHED`)
		if got := s.sock.Info().SendWindow; got != want {
			t.Errorf("%s: %d", win, got)
		}
	}
}

func TestSynReceivedAnswersARepeatedSYN(t *testing.T) { // its SYN+ACK was lost
	newScript(t, nil).passive("mss 1000 ts 100 0").run(`
		> S. 0(0) ack 1 ts _ 100
		> -
		+ 500ms
		< S 0(0) mss 1000 ts 600 0
		> S. 0(0) ack 1 ts _ 600
		< S 0(100) mss 1000 ts 700 0 # with data
		> S. 0(0) ack 1 ts _ 700
		> -
		< . 1(0) ack 1 ts 701 0
		state ESTABLISHED`)
}
