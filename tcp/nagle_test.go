package tcp

import "testing"

func TestAShortSegmentIsOutUntilItIsAcknowledged(t *testing.T) {
	s := newScript(t, &Config{Nagle: true}).established()
	if s.sock.shortOut() {
		t.Fatal("nothing was sent")
	}
	s.run("write 10\n> P. 1(10)")
	if !s.sock.shortOut() {
		t.Fatal("ten bytes are short")
	}
	s.run("write 1000\n> P. 11(1000)")
	if !s.sock.shortOut() {
		t.Fatal("a full segment was sent, but the short one is out")
	}
	s.run("< . 1(0) ack 11")
	if s.sock.shortOut() {
		t.Fatal("it was acknowledged")
	}
}

func TestAShortSegmentIsForgottenBeforeItsNumberComesAgain(t *testing.T) {
	s := newScript(t, &Config{Nagle: true}).established().run("write 10\n> P. 1(10)\n< . 1(0) ack 11\nwrite 1000\n> P. 11(1000)")
	if s.sock.tx.short {
		t.Fatal("it is remembered beside a segment that was sent later")
	}
}

func TestWithoutNagleNothingIsNoted(t *testing.T) {
	s := newScript(t, nil).established().run("write 10\n> P. 1(10)")
	if s.sock.tx.short {
		t.Fatal("noted")
	}
}

func TestNagleLetsTheEndOfAWriteGoBehindFullSegments(t *testing.T) { // RFC 9293 appendix A.3
	newScript(t, &Config{Nagle: true}).established().run(`
		write 1500
		> . 1(1000)
		> P. 1001(500)
		write 10
		> -
		< . 1(0) ack 1001
		> -                         # what is short is still out
		< . 1(0) ack 1501
		> P. 1501(10)
		< . 1(0) ack 1511
		write 2000
		> . 1511(1000)
		> P. 2511(1000)
		write 10
		> P. 3511(10)`)
}
