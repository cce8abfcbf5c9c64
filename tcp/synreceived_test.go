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
