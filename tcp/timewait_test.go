package tcp

import (
	"testing"
	"time"
)

// timeWait gives a connection in TIME-WAIT whose peer's next number is 2.
func timeWait(t *testing.T, options string) *script {
	s := newScript(t, nil).active().run("> S 0(0)\n< S. 0(0) ack 1 mss 1000 " + options)
	s.drain()
	s.run("closewrite")
	s.drain()
	if options == "" {
		s.run("< F. 1(0) ack 2")
	} else {
		s.run("< F. 1(0) ack 2 ts 100 5000")
	}
	s.drain()
	return s.run("state TIME-WAIT")
}

func TestTimeWaitLastsTwiceTheSegmentLifetime(t *testing.T) { // RFC 9293 §3.6 (MUST-13)
	s := timeWait(t, "").run(`
		+ 59999ms
		state TIME-WAIT
		+ 1ms
		state CLOSED
		err none`)
	if s.sock.Deadline() != Never {
		t.Fatal("a timer is left")
	}
	newScript(t, &Config{TimeWait: time.Second}).established().run(`
		closewrite
		> F. 1(0)
		< F. 1(0) ack 2
		> . 2(0)
		+ 1s
		state CLOSED`)
}

func TestTimeWaitAcknowledgesFINAgainAndBeginsAnew(t *testing.T) { // RFC 9293 §3.10.7.4, eighth
	timeWait(t, "").run(`
		+ 50s
		< F. 1(0) ack 2
		> . 2(0) ack 2
		+ 50s
		state TIME-WAIT
		+ 10s
		state CLOSED`)
}

func TestTimeWaitIsNotProlongedByAFINThatIsNotThePeers(t *testing.T) {
	timeWait(t, "").run(`
		+ 50s
		< F. 90000(0) ack 2
		> . 2(0) ack 2
		+ 10s
		state CLOSED`)
}

func TestTimeWaitIsNotEndedByRST(t *testing.T) { // RFC 1337
	s := timeWait(t, "").run(`
		< R 2(0)
		> -
		state TIME-WAIT`)
	if s.env.Stats.DropTimeWaitRST != 1 {
		t.Fatal("not counted")
	}
}

func TestTimeWaitAnswersOldDataOnlyByACK(t *testing.T) {
	timeWait(t, "").run(`
		< . 1(0) ack 2
		> . 2(0) ack 2
		< . 2(10) ack 2
		state TIME-WAIT`)
}

func TestTimeWaitGivesWayToANewConnection(t *testing.T) { // RFC 9293 §3.10.7.4 (MAY-2), RFC 6191 §2
	s := timeWait(t, "")
	for line, want := range map[string]bool{
		"S 3(0)": true, "S 2(0)": false, "S 1(0)": false, "S. 3(0)": false, "R 3(0)": false, ". 3(0)": false, "SF 3(0)": false,
	} {
		seg := s.parse(line)
		if got := s.sock.Reusable(&seg); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
	s = timeWait(t, "ts 50 5000")
	for line, want := range map[string]bool{
		"S 1(0) ts 101 0": true, // the number is old, the timestamp is new
		"S 3(0) ts 99 0":  false,
		"S 3(0) ts 100 0": true,
		"S 1(0) ts 100 0": false,
		"S 3(0)":          true,
		"S 1(0)":          false,
	} {
		seg := s.parse(line)
		if got := s.sock.Reusable(&seg); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
	s = newScript(t, nil).established()
	if seg := s.parse("S 500(0)"); s.sock.Reusable(&seg) {
		t.Error("an open connection gives way")
	}
}

func TestTimeWaitKeepsWhatWasNotRead(t *testing.T) {
	newScript(t, nil).established().run(`
		closewrite
		> F. 1(0)
		< . 1(0) ack 2
		< F. 1(10) ack 2
		> . 2(0) ack 12
		+ 60s
		state CLOSED
		read 10
		eof`)
}

func TestTheNextConnectionIsNumberedBeyondAllThatWasSent(t *testing.T) { // RFC 9293 §3.10.7.4 (MAY-2)
	s := timeWait(t, "")
	if got, least := s.sock.Beyond(s.iss), s.sock.sndMax.Add(1<<16); got != least {
		t.Errorf("%d, want %d", got, least)
	}
	if far := s.iss.Add(1 << 20); s.sock.Beyond(far) != far {
		t.Error("what is beyond already is changed")
	}
}
