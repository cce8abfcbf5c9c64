package tcp

import "testing"

func TestClosedWindowIsProbedByOneByteWithBackoff(t *testing.T) { // RFC 9293 §3.8.6.1 (MUST-36, SHLD-29)
	s := newScript(t, nil).established().run(`
		< . 1(0) ack 1 win 0
		write 3000
		> -
		+ 199ms
		> -
		+ 1ms
		> . 1(1)
		< . 1(0) ack 1 win 0
		+ 400ms
		> . 1(1)
		< . 1(0) ack 1 win 0
		+ 800ms
		> . 1(1)
		> -
		< . 1(0) ack 1 win 10000
		> . 1(1000)
		> . 1001(1000)
		> P. 2001(1000)
		< . 1(0) ack 3001
		+ 1h
		> -`)
	if s.env.Stats.ZeroProbes != 3 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestProbeThatIsTakenCountsAsSent(t *testing.T) {
	newScript(t, nil).established().run(`
		< . 1(0) ack 1 win 0
		write 3
		> -
		+ 200ms
		> . 1(1)
		< . 1(0) ack 2 win 0
		> -
		+ 200ms
		> . 2(1)
		< . 1(0) ack 3 win 1
		> P. 3(1)
		< . 1(0) ack 4 win 0
		+ 1h
		> -`)
}

func TestAWindowMayStayClosedForAsLongAsThePeerAnswers(t *testing.T) { // MUST-37
	s := newScript(t, nil).established().run(`
		< . 1(0) ack 1 win 0
		write 10
		> -`)
	for range 200 {
		s.advance(60e9)
		if s.drain() > 0 {
			s.run("< . 1(0) ack 1 win 0")
		}
	}
	s.run(`
		state ESTABLISHED
		< . 1(0) ack 1 win 100
		> P. 1(10)`)
}

func TestAProbedPeerThatIsGoneEndsTheConnection(t *testing.T) {
	for _, cfg := range []*Config{nil, {UserTimeout: -1}} {
		s := newScript(t, cfg).established().run(`
			< . 1(0) ack 1 win 0
			write 10
			> -`)
		for range 60 {
			s.advance(60e9)
			s.drain()
		}
		s.run("state CLOSED")
		if s.sock.Err() == nil || s.env.Stats.ZeroProbes > 20 {
			t.Fatalf("%v %+v", s.sock.Err(), s.env.Stats)
		}
	}
}

func TestWindowThatShrinksUnderWhatIsOut(t *testing.T) { // RFC 9293 §3.8.6 (MUST-34): be robust against it
	newScript(t, nil).established().run(`
		write 3000
		> . 1(1000)
		> . 1001(1000)
		> P. 2001(1000)
		< . 1(0) ack 1001 win 0
		+ 200ms
		> -
		+ 400ms
		> . 1001(1)
		< . 1(0) ack 1001 win 0
		+ 800ms
		> . 1001(1)
		< . 1(0) ack 3001 win 5000  # it was there all the time
		+ 1h
		> -`)
}

func TestSmallWindowIsUsedWhenItStaysSmall(t *testing.T) { // RFC 9293 §3.8.6.2.1 (4): the override timeout
	newScript(t, nil).established().run(`
		< . 1(0) ack 1 win 100
		write 3000
		> -                         # neither a segment, nor all, nor half of the largest window
		+ 200ms
		> . 1(100)
		< . 1(0) ack 101 win 100
		> -
		+ 200ms
		> . 101(100)
		< . 1(0) ack 201 win 10000
		> . 201(1000)`)
}

func TestTimerOfDataSentIntoASmallWindowIsNotLost(t *testing.T) { // what was half of the largest window is data, not a probe
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 0 mss 400
		> . 1(0)
		write 900
		> -
		+ 200ms
		> . 1(1)
		< . 1(0) ack 1 win 150
		> . 1(150)
		> -
		+ 200ms
		> . 1(150)
		+ 400ms
		> . 1(150)
		< . 1(0) ack 151 win 1000
		> . 151(400)`)
}

func TestFINWaitsForAWindowThatStaysClosedAsDataDoes(t *testing.T) { // MUST-37
	s := newScript(t, nil).established().run(`
		write 1000
		closewrite
		> FP. 1(1000)
		< . 1(0) ack 1001 win 0     # the peer has no room for FIN's number either
		> -
		+ 200ms                     # the retransmission timer
		> F. 1001(0)
		< . 1(0) ack 1001 win 0
		+ 200ms                     # the persist timer
		> F. 1001(0)
		< . 1(0) ack 1001 win 0
		+ 400ms
		> F. 1001(0)
		> -`)
	for range 200 {
		s.advance(60e9)
		if s.drain() > 0 {
			s.run("< . 1(0) ack 1001 win 0")
		}
	}
	s.run(`
		state FIN-WAIT-1
		< . 1(0) ack 1001 win 100
		> F. 1001(0)
		< . 1(0) ack 1002
		state FIN-WAIT-2
		> -`)
}

// A peer whose own window is closed takes no other number than its next one (RFC 9293 §3.10.7.4), which is that of the
// probe's byte, as it had to refuse that.
func TestWhatIsSentToTwoClosedWindowsIsHeard(t *testing.T) {
	cfg := &Config{RecvBuffer: 1024}
	probed := `
		< . 1(1000) ack 1 win 0
		write 10
		+ 40ms
		> . 1(0) ack 1001
		+ 200ms
		> . 1(1) ack 1001
		< . 1001(0) ack 1 win 0`
	newScript(t, cfg).established().run(probed + `
		read 1000
		> . 1(0) ack 1001 win 1024`)
	newScript(t, cfg).established().run(probed + `
		read 1000
		abort
		> R. 1(0) ack 1001`)
}
