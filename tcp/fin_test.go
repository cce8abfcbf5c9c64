package tcp

import "testing"

func TestFINFromThePeerIsTheEndOfReading(t *testing.T) { // RFC 9293 §3.10.7.4, eighth
	s := newScript(t, nil).established().run(`
		< FP. 1(10) ack 1
		> . 1(0) ack 12
		state CLOSE-WAIT
		read 10
		eof
		write 5                     # our direction is still open
		> P. 1(5) ack 12
		< . 12(0) ack 6
		closewrite
		state LAST-ACK
		> F. 6(0) ack 12
		< . 12(0) ack 7
		state CLOSED
		err none`)
	if !s.sock.PeerClosed() {
		t.Fatal("PeerClosed")
	}
}

func TestFINThatComesBeforeDataWaitsForIt(t *testing.T) {
	newScript(t, nil).established().run(`
		< F. 101(50) ack 1
		> . 1(0) ack 1
		state ESTABLISHED
		< . 1(100) ack 1
		> . 1(0) ack 152
		state CLOSE-WAIT
		read 150
		eof`)
}

func TestFINByItselfBeforeDataWaitsForIt(t *testing.T) {
	newScript(t, nil).established().run(`
		< F. 101(0) ack 1
		> . 1(0) ack 1
		< . 1(100) ack 1
		> . 1(0) ack 102
		state CLOSE-WAIT
		read 100
		eof`)
}

func TestFINThatTheWindowCutsOffIsNotTaken(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 1024}).established().run(`
		< F. 1(1030) ack 1
		> . 1(0) ack 1025 win 0
		state ESTABLISHED
		read 1024
		> . 1(0) ack 1025 win 1024
		< F. 1025(6) ack 1
		> . 1(0) ack 1032
		state CLOSE-WAIT`)
}

func TestFINAtAClosedWindowIsTaken(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 1024}).established().run(`
		< . 1(1024) ack 1
		+ 40ms
		> . 1(0) ack 1025 win 0
		< F. 1025(0) ack 1
		> . 1(0) ack 1026
		state CLOSE-WAIT`)
}

func TestFINAgainIsAcknowledgedAgain(t *testing.T) {
	newScript(t, nil).established().run(`
		< F. 1(0) ack 1
		> . 1(0) ack 2
		< F. 1(0) ack 1
		> . 1(0) ack 2
		state CLOSE-WAIT`)
}

func TestDataBehindFINLeavesNoMemory(t *testing.T) {
	s := newScript(t, nil).established().run(`
		< . 101(50) ack 1
		> . 1(0) ack 1
		< F. 1(0) ack 1             # so that was rubbish
		> . 1(0) ack 2
		eof`)
	if s.env.Pool.Out() != 0 {
		t.Fatalf("%d bytes", s.env.Pool.Out())
	}
}
