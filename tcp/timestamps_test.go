package tcp

import "testing"

// stamped gives a connection with timestamps; the peer's are at 1000.
func stamped(t *testing.T) *script {
	return newScript(t, nil).active().run(`
		> S 0(0) ts 5000 0
		< S. 0(0) ack 1 mss 1000 ts 1000 5000
		> . 1(0) ts 5000 1000`)
}

func TestOldTimestampsAreRefused(t *testing.T) { // PAWS, RFC 7323 §5.3 R1
	s := stamped(t).run(`
		< P. 1(10) ack 1 ts 999 5000
		> . 1(0) ack 1 ts 5000 1000
		< P. 1(10) ack 1 ts 1000 5000
		read 10`)
	if s.env.Stats.DropPAWS != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestOldTimestampsAreForgottenAfter24Days(t *testing.T) { // RFC 7323 §5.5
	stamped(t).run(`
		+ 576h
		< P. 1(10) ack 1 ts 1 5000
		read 10
		+ 40ms
		> . 1(0) ack 11 ts _ 1`)
}

func TestSegmentsWithoutTheAgreedTimestampsAreDropped(t *testing.T) { // RFC 7323 §3.2
	s := stamped(t).run(`
		< P. 1(10) ack 1
		> -
		< R 1(0)                    # but for RST
		state CLOSED`)
	if s.env.Stats.DropNoTimestamp != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestTheTimestampOfTheEarliestUnacknowledgedSegmentIsEchoed(t *testing.T) { // RFC 7323 §4.3, delayed ACKs
	stamped(t).run(`
		< . 1(500) ack 1 ts 1001 5000
		< . 501(500) ack 1 ts 1002 5000
		+ 40ms
		> . 1(0) ack 1001 ts 5040 1001`)
}

func TestTheTimestampBehindAGapIsNotEchoed(t *testing.T) { // RFC 7323 §4.3 (B) and (C)
	stamped(t).run(`
		< . 1(500) ack 1 ts 1001 5000
		+ 40ms
		> . 1(0) ts 5040 1001
		< . 1001(500) ack 1 ts 1003 5000
		> . 1(0) ack 501 ts 5040 1001
		< . 501(500) ack 1 ts 1002 5000
		> . 1(0) ack 1501 ts 5040 1002`)
}

func TestTimestampsBeginAtRandomForTheStack(t *testing.T) { // RFC 7323 §5.4
	var a, b Env
	if a.seed() != nil || b.seed() != nil || a.tsOffset == b.tsOffset {
		t.Fatal("two stacks have one clock")
	}
	was := a.tsOffset
	if a.seed() != nil || a.tsOffset != was {
		t.Fatal("a stack's clock moved")
	}
}

func TestTimestampsCanBeLeftOut(t *testing.T) {
	newScript(t, &Config{NoTimestamps: true}).active().run(`
		> S 0(0) nots
		< S. 0(0) ack 1 ts 1 0
		> . 1(0) nots`)
}

// Who sees no segment of the connection can't tell what an ACK must say; were the timestamp believed all the same, PAWS
// would drop what the true peer sends.
func TestAForgedTimestampDoesNotShutThePeerOut(t *testing.T) { // RFC 7323 §4.3, RFC 5961 §5
	s := stamped(t).run(`
		< . 1(1000) ack 1 ts 1001 0
		< . 1001(1000) ack 1 ts 1001 0
		> . 1(0) ack 2001
		read 2000`)
	for _, forged := range []string{
		". 1(10) ack 2000000 ts 1000000 0", "S 1(10) ts 1000000 0", // of what was received before
		". 1900(500) ack 2000000 ts 1000000 0", "S. 1900(500) ack 2000000 ts 1000000 0", // into the window
	} {
		s.run("< " + forged + "\n+ 1s")
		s.drain()
		if s.sock.tsRecent != 1001 {
			t.Errorf("%s: believed", forged)
		}
	}
	s.run(`
		< . 2001(1000) ack 1 ts 1002 0
		< . 3001(1000) ack 1 ts 1002 0
		> . 1(0) ack 4001`)
}

func TestTheSegmentThatFillsAGapIsEchoed(t *testing.T) { // RFC 7323 §4.3: not one that came behind it before the ACK left
	stamped(t).run(`
		< . 1001(1000) ack 1 ts 1010 5000
		> . 1(0) ack 1 ts _ 1000
		< . 1(1000) ack 1 ts 1020 5000
		< . 2001(1000) ack 1 ts 1030 5000
		> . 1(0) ack 3001 ts _ 1020`)
}
