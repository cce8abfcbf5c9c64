package tcp

import "testing"

const stampedTen = `
	> S 0(0) sackok ts 5000 0
	+ 100ms
	< S. 0(0) ack 1 win 30000 mss 1012 sackok ts 7 5000
	> . 1(0) ack 1
	write 10000`

func TestATimeoutThatWasOnlyALongWaitIsTakenBack(t *testing.T) { // RFC 3522 §3.2, RFC 4015
	s := newScript(t, nil).active().run(stampedTen)
	s.drain()
	cwnd := s.sock.cwnd
	s.run(`
		+ 300ms`)
	s.drain() // the probe
	s.run(`
		+ 300ms
		> . 1(1000)
		> -
		+ 10ms
		< . 1(0) ack 3001 ts 8 5100 # of the first sending`)
	if i := s.sock.Info(); s.env.Stats.Timeouts != 1 || s.env.Stats.SpuriousRecoveries != 1 || uint32(i.Cwnd) < cwnd || i.Ssthresh != maxCwnd {
		t.Fatalf("%+v %+v", i, s.env.Stats)
	}
	s.run(`
		> -                         # nothing is sent again
		< . 1(0) ack 10001 ts 8 5100`)
	if s.env.Stats.Retransmits != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestARealTimeoutIsNotTakenBack(t *testing.T) {
	s := newScript(t, renoConfig).active().run(stampedTen)
	s.drain()
	s.run(`
		+ 300ms`)
	s.drain()
	s.run(`
		+ 300ms
		> . 1(1000)
		+ 100ms
		< . 1(0) ack 1001 ts 8 5700`)
	if s.env.Stats.SpuriousRecoveries != 0 || s.sock.ssthresh != 5000 {
		t.Fatalf("%+v %d", s.env.Stats, s.sock.ssthresh)
	}
}

func TestARecoveryThatReorderingBeganIsTakenBackByDuplicates(t *testing.T) { // RFC 3708
	s := newScript(t, renoConfig).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)
		< . 1(0) ack 4001           # it was late
		< . 1(0) ack 10001`)
	if s.env.Stats.FastRetransmits != 1 || s.sock.ssthresh != 5000 {
		t.Fatalf("%+v", s.env.Stats)
	}
	s.run(`
		+ 100ms
		< . 1(0) ack 10001 sack 1-1001`)
	if s.env.Stats.SpuriousRecoveries != 1 || s.sock.ssthresh != maxCwnd || s.sock.cwnd < 10000 {
		t.Fatalf("%+v cwnd %d", s.env.Stats, s.sock.cwnd)
	}
}

func TestOneNeededRetransmissionIsEnoughForARecovery(t *testing.T) {
	s := newScript(t, nil).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 2001-5001
		> . 1(1000)
		< . 1(0) ack 1 sack 2001-10001`)
	s.drain()
	s.run(`
		< . 1(0) ack 10001 sack 1-1001`)
	if s.env.Stats.SpuriousRecoveries != 0 || s.env.Stats.DSACKs != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestDuplicatesOfWhatNoRecoveryHasSentTakeNoneBack(t *testing.T) {
	for what, twice := range map[string]string{
		"before it: of the network, or of a probe": "1-1001", "beyond its retransmissions": "7001-8001,6001-10001",
	} {
		s := newScript(t, nil).sacking().run("unpaced\nwrite 10000")
		s.drain()
		s.run(`
			+ 100ms
			< . 1(0) ack 5001
			< . 1(0) ack 5001 sack 6001-10001
			> . 5001(1000)
			< . 1(0) ack 5001 sack ` + twice)
		if s.env.Stats.DSACKs != 1 || s.env.Stats.SpuriousRecoveries != 0 {
			t.Errorf("%s: %+v", what, s.env.Stats)
		}
	}
}

func TestADuplicateThatAProbeMadeTakesNoRecoveryBack(t *testing.T) {
	s := newScript(t, nil).sacking().run("unpaced\nwrite 10000")
	s.drain()
	s.run(`
		+ 200ms
		> P. 9001(1000)             # all is on its way yet, but for one
		< . 1(0) ack 1 sack 1001-10001
		> . 1(1000)
		< . 1(0) ack 1 sack 9001-10001,1001-10001`)
	if s.env.Stats.FastRetransmits != 1 || s.env.Stats.DSACKs != 1 || s.env.Stats.SpuriousRecoveries != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
	s.run("< . 1(0) ack 10001 sack 1-1001,1-1001")
	if s.env.Stats.SpuriousRecoveries != 1 {
		t.Fatalf("now all of it was for nothing: %+v", s.env.Stats)
	}
}

func TestARecoveryOfLongAgoIsNotTakenBack(t *testing.T) {
	u := undo{possible: true, from: 10, to: 20}
	for una := Seq(20); una < 1<<31; una += 1 << 20 {
		u.advanced(una)
	}
	if u.possible {
		t.Fatal("its numbers come again")
	}
}

func TestADuplicateOfSeveralSegmentsAnswersAsMany(t *testing.T) { // what a receiver has put together it reports in one piece
	s := newScript(t, renoConfig).sacking().run("unpaced\nwrite 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(0) ack 1 sack 2001-8001
		> . 1(1000)
		< . 1(0) ack 1 sack 2001-10001
		> . 1001(1000)
		< . 1(0) ack 10001          # both were late
		+ 100ms
		< . 1(0) ack 10001 sack 1-2001`)
	if s.env.Stats.SpuriousRecoveries != 1 || s.sock.ssthresh != maxCwnd {
		t.Fatalf("%+v", s.env.Stats)
	}
}
