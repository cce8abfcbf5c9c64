package tcp

import "testing"

func TestThreeDuplicateACKsSendTheMissingSegmentAgain(t *testing.T) { // RFC 5681 §3.2
	s := newScript(t, renoConfig).established().run(`
		write 5000
		> . 1(1000)
		> . 1001(1000)
		> . 2001(1000)
		> . 3001(1000)
		> P. 4001(1000)
		< . 1(0) ack 1
		< . 1(0) ack 1
		> -
		< . 1(0) ack 1
		> . 1(1000)
		> -
		< . 1(0) ack 1
		> -
		< . 1(0) ack 5001
		> -`)
	if s.env.Stats.FastRetransmits != 1 || s.env.Stats.Timeouts != 0 || s.env.Stats.DuplicateACKs != 4 {
		t.Fatalf("%+v", s.env.Stats)
	}
	if i := s.sock.Info(); i.Ssthresh != 2500 || i.Cwnd != 2500 || i.FastRecovery {
		t.Fatalf("%+v", i)
	}
}

func TestPartialACKSendsTheNextHoleAgain(t *testing.T) { // RFC 6582 §3.2 step 3
	s := newScript(t, nil).established().run(`
		write 8000`)
	s.drain()
	s.run(`
		< . 1(0) ack 1
		< . 1(0) ack 1
		< . 1(0) ack 1
		> . 1(1000)
		< . 1(0) ack 3001           # the fourth is missing too
		> . 3001(1000)
		< . 1(0) ack 8001
		> -`)
	if s.env.Stats.FastRetransmits != 1 || s.env.Stats.Timeouts != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestNewDataGoesOutDuringRecoveryAsDuplicatesArrive(t *testing.T) { // RFC 5681 §3.2 step 5
	s := newScript(t, renoConfig).established().run(`
		write 12000`)
	if n := s.drain(); n != 10 {
		t.Fatalf("%d segments of the initial window", n)
	}
	s.run(`
		< . 1(0) ack 1 win 20000    # the window, not yet a duplicate
		< . 1(0) ack 1 win 20000
		< . 1(0) ack 1 win 20000
		< . 1(0) ack 1 win 20000
		> . 1(1000)
		> -                         # 5000 + 3000 are less than what is out
		< . 1(0) ack 1 win 20000
		< . 1(0) ack 1 win 20000
		> -
		< . 1(0) ack 1 win 20000
		> . 10001(1000)
		< . 1(0) ack 1 win 20000
		> P. 11001(1000)`)
}

func TestWindowUpdatesAndDataAreNotDuplicateACKs(t *testing.T) { // RFC 5681 §2
	s := newScript(t, nil).established().run(`
		write 5000`)
	s.drain()
	s.run(`
		< . 1(0) ack 1 win 9000
		< . 1(0) ack 1 win 8000
		< . 1(0) ack 1 win 7000
		< P. 1(10) ack 1 win 7000
		< P. 11(10) ack 1 win 7000
		< P. 21(10) ack 1 win 7000
		< . 31(0) ack 1 win 7000
		+ 50ms
		> . 5001(0) ack 31`)
	if s.env.Stats.DuplicateACKs != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestDuplicatesAfterATimeoutBeginNoSecondRecovery(t *testing.T) { // RFC 6582 §3.2 step 2, §4.1
	s := newScript(t, nil).established().run(`
		write 5000`)
	s.drain()
	s.run(`
		+ 200ms
		> . 1(1000)
		< . 1(0) ack 1
		< . 1(0) ack 1
		< . 1(0) ack 1
		< . 1(0) ack 1
		> -`)
	if s.env.Stats.FastRetransmits != 0 || s.env.Stats.DuplicateACKs != 4 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestRetransmissionTimerStartsOnceInRecovery(t *testing.T) { // RFC 6582 §3.2 step 3: the Impatient variant
	s := newScript(t, nil).established().run(`
		write 8000`)
	s.drain()
	s.run(`
		< . 1(0) ack 1
		< . 1(0) ack 1
		< . 1(0) ack 1
		> . 1(1000)
		+ 100ms
		< . 1(0) ack 1001
		> . 1001(1000)
		+ 100ms
		< . 1(0) ack 2001
		> . 2001(1000)
		+ 99ms
		> -
		+ 200ms
		> . 2001(1000)`)
	if s.env.Stats.Timeouts != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestFastRetransmitWorksForeverAndNotOnlyForTwoGiB(t *testing.T) {
	s := newScript(t, nil).established()
	for range 3 {
		s.skip(1 << 30)
	}
	s.run(`write 5000`)
	s.drain()
	una := s.sock.sndUna
	for range 3 {
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: una, Flags: ACK, Window: 10000, Options: Options{WScale: -1}})
	}
	if s.env.Stats.FastRetransmits != 1 {
		t.Fatal("no fast retransmit")
	}
}

// skip pretends that n bytes were sent and acknowledged, in steps that TCP permits.
func (s *script) skip(n int) {
	var buf [2000]byte
	for left := n; left > 0; {
		jump := min(left, 1<<29)
		left -= jump
		// Data of one byte, whose number is far on: all numbers move by the same distance.
		s.sock.sndUna, s.sock.sndNxt, s.sock.sndMax = s.sock.sndUna.Add(jump), s.sock.sndNxt.Add(jump), s.sock.sndMax.Add(jump)
		if n, err := s.sock.TryWrite([]byte{1}); n != 1 {
			s.failf("%v", err)
		}
		s.sock.Emit(s.now, buf[:], 0)
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndNxt, Flags: ACK, Window: 10000, Options: Options{WScale: -1}})
	}
}
