package tcp

import "testing"

func TestSACKIsAgreedOnWhenBothOfferIt(t *testing.T) { // RFC 2018 §2
	newScript(t, nil).passive("win 10000 mss 1000 sackok").run("> S. 0(0) ack 1 sackok")
	newScript(t, nil).passive("win 10000 mss 1000").run("> S. 0(0) ack 1 nosack")
	newScript(t, &Config{NoSACK: true}).passive("win 10000 mss 1000 sackok").run("> S. 0(0) ack 1 nosack")
	newScript(t, &Config{NoSACK: true}).active().run("> S 0(0) nosack")
	newScript(t, nil).established().run(`
		< . 1001(1000) ack 1
		> . 1(0) ack 1 nosack`)
}

func TestWhatArrivesBeyondAGapIsReportedMostRecentFirst(t *testing.T) { // RFC 2018 §4
	newScript(t, nil).sacking().run(`
		< . 1001(1000) ack 1
		> . 1(0) ack 1 sack 1001-2001
		< . 3001(1000) ack 1
		> . 1(0) ack 1 sack 3001-4001,1001-2001
		< . 5001(1000) ack 1
		> . 1(0) ack 1 sack 5001-6001,3001-4001,1001-2001
		< . 7001(1000) ack 1
		< . 9001(1000) ack 1
		> . 1(0) ack 1 sack 9001-10001,7001-8001,5001-6001,3001-4001
		< . 4001(1000) ack 1        # joins two: they are told first, once
		> . 1(0) ack 1 sack 3001-6001,9001-10001,7001-8001
		< . 1(1000) ack 1
		> . 1(0) ack 2001 sack 3001-6001,9001-10001,7001-8001
		< . 2001(1000) ack 1
		> . 1(0) ack 6001 sack 9001-10001,7001-8001
		< . 6001(1000) ack 1
		< . 8001(1000) ack 1
		> . 1(0) ack 10001 nosack`)
}

func TestThreeBlocksFitBesideTimestamps(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0) sackok ts _ 0
		< S. 0(0) ack 1 win 10000 mss 1000 sackok ts 7 0
		> . 1(0) ack 1
		< . 1001(10) ack 1 ts 7 0
		< . 2001(10) ack 1 ts 7 0
		< . 3001(10) ack 1 ts 7 0
		< . 4001(10) ack 1 ts 7 0
		> . 1(0) ack 1 ts _ 7 sack 4001-4011,3001-3011,2001-2011`)
}

func TestDataTakesLessRoomBesideAReport(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		< . 1001(10) ack 1
		> . 1(0) ack 1
		write 2000
		> . 1(988) ack 1 sack 1001-1011
		> . 989(988) ack 1 sack 1001-1011`)
	if len(s.last.Payload)+12 != 1000 {
		t.Fatal("a segment longer than the path takes")
	}
}

func TestDuplicatesAreReportedOnce(t *testing.T) { // RFC 2883 §4
	newScript(t, nil).sacking().run(`
		< . 1(1000) ack 1
		< . 1001(1000) ack 1
		> . 1(0) ack 2001 nosack
		read 2000
		< . 1(1000) ack 1           # all of it old
		> . 1(0) ack 2001 sack 1-1001
		> -
		< . 1501(1000) ack 1        # old in part
		> . 1(0) ack 2501 sack 1501-2001
		< . 3501(1000) ack 1
		> . 1(0) ack 2501 sack 3501-4501
		< . 3501(1000) ack 1        # beyond a gap
		> . 1(0) ack 2501 sack 3501-4501,3501-4501
		< . 4001(1000) ack 1
		> . 1(0) ack 2501 sack 4001-4501,3501-5001
		< . 2501(1000) ack 1
		> . 1(0) ack 5001 nosack`)
}

func TestAReportOfADuplicateHoldsNoMemory(t *testing.T) {
	s := newScript(t, nil).sacking().run(`
		< . 1(1000) ack 1
		read 1000
		+ 40ms
		> . 1(0) ack 1001
		< . 1(1000) ack 1
		> . 1(0) ack 1001 sack 1-1001`)
	if s.sock.ooo != nil || s.env.Pool.Out() != 0 {
		t.Fatal("something is held")
	}
}

// FIN has a number, and the segment that brings it has not arrived whole for a sender that misses it.
func TestAFINBeyondAGapIsReportedWithItsData(t *testing.T) { // RFC 2018 §3
	newScript(t, nil).sacking().run(`
		< F. 1001(1000) ack 1
		> . 1(0) ack 1 sack 1001-2002
		< . 501(500) ack 1
		> . 1(0) ack 1 sack 501-2002
		< . 1(500) ack 1
		> . 1(0) ack 2002
		state CLOSE-WAIT`)
}
