package tcp

import (
	"fmt"
	"testing"
	"time"
)

func TestACKOfASmallSegmentIsDelayed(t *testing.T) { // RFC 9293 §3.8.6.3 (SHLD-18, MUST-58)
	newScript(t, nil).established().run(`
		< P. 1(10) ack 1
		> -
		+ 39ms
		> -
		+ 1ms
		> . 1(0) ack 11
		+ 1h
		> -`)
}

func TestEverySecondFullSegmentIsAcknowledgedAtOnce(t *testing.T) { // MUST-59 (SHLD-19)
	newScript(t, nil).established().run(`
		< . 1(1000) ack 1
		> -
		< . 1001(1000) ack 1
		> . 1(0) ack 2001
		< . 2001(1000) ack 1
		> -
		< . 3001(1000) ack 1
		> . 1(0) ack 4001`)
}

func TestAfterASignOfLossEverySegmentIsAcknowledgedAtOnceForAWhile(t *testing.T) { // RFC 5681 §4.2 permits it
	for _, sign := range []string{"< . 1001(1000) ack 1\n> . 1(0) ack 1\n< . 1(1000) ack 1\n> . 1(0) ack 2001", "< . 1(1000) ack 1\n< . 1001(1000) ack 1\n> . 1(0) ack 2001\n< . 1001(1000) ack 1\n> . 1(0) ack 2001"} {
		s := newScript(t, nil).established().run(sign)
		at := 2001
		for range promptACKs {
			s.run(fmt.Sprintf("< . %d(1000) ack 1\n> . 1(0) ack %d", at, at+1000))
			s.run("read 1000")
			at += 1000
		}
		s.run(fmt.Sprintf("< . %d(1000) ack 1\n> -", at))
	}
}

func TestOneACKAnswersABatch(t *testing.T) {
	newScript(t, nil).established().run(`
		< . 1(1000) ack 1
		< . 1001(1000) ack 1
		< . 2001(1000) ack 1
		< . 3001(1000) ack 1
		< . 4001(1000) ack 1
		> . 1(0) ack 5001
		> -`)
}

func TestACKRidesOnData(t *testing.T) {
	newScript(t, nil).established().run(`
		< P. 1(10) ack 1
		write 5
		> P. 1(5) ack 11
		+ 199ms
		> -`)
}

func TestDelayOfACKsIsTheCallers(t *testing.T) {
	newScript(t, &Config{AckDelay: 100 * time.Millisecond}).established().run(`
		< P. 1(10) ack 1
		+ 99ms
		> -
		+ 1ms
		> . 1(0) ack 11`)
	newScript(t, &Config{AckDelay: time.Hour}).established().run(`
		< P. 1(10) ack 1
		+ 500ms                     # MUST-40: less than half a second, whatever was asked for
		> . 1(0) ack 11`)
}

func TestSegmentsOutOfOrderAreAcknowledgedAtOnce(t *testing.T) { // RFC 5681 §4.2
	newScript(t, nil).established().run(`
		< . 101(100) ack 1
		> . 1(0) ack 1
		< . 301(100) ack 1
		> . 1(0) ack 1
		< . 1(100) ack 1            # fills part of a gap
		> . 1(0) ack 201
		< . 201(100) ack 1
		> . 1(0) ack 401
		read 400`)
}

// A path that has become narrower, or a sender that sends shorter segments, is not made to wait for what two of the
// longest ever seen would be.
func TestWhatCountsAsAFullSegmentBecomesSmallerAgain(t *testing.T) { // RFC 5681 §4.2
	s := newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 mss 9000
		> . 1(0) ack 1
		< . 1(8000) ack 1
		< . 8001(8000) ack 1
		> . 1(0) ack 16001
		read 16000
		< . 16001(1000) ack 1
		< . 17001(1000) ack 1
		> -
		+ 40ms
		> . 1(0) ack 18001
		< . 18001(1000) ack 1
		> -
		< . 19001(1000) ack 1
		> . 1(0) ack 20001          # two of these are two full segments, as far as anybody can tell
		< . 20001(8000) ack 1
		> -`)
	if s.sock.rcvMSS != 8000 {
		t.Fatal("longer ones count at once", s.sock.rcvMSS)
	}
}
