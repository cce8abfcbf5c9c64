package tcp

import "testing"

// cutting is established, by a host that takes up to limit bytes at once.
func cutting(t testing.TB, cfg *Config, limit int) *script {
	s := newScript(t, cfg).established()
	s.super.Limit = limit
	return s
}

func TestASuperSegmentIsWholeSegmentsUntilTheLast(t *testing.T) {
	s := cutting(t, nil, 4500)
	s.run(`
		write 9700
		> . 1(4000) size 1000
		> . 4001(4000) size 1000
		> P. 8001(1700) size 1000     # all that is left goes along
		> -
		< . 1(0) ack 9701
		write 300
		> P. 9701(300) size 1000
		> -`)
	if out := s.env.Stats.SegmentsOut; out != 2+4+4+2+1 {
		t.Errorf("%d segments counted", out)
	}
}

func TestWindowsBoundASuperSegment(t *testing.T) {
	cutting(t, nil, 60000).run(`
		write 20000
		> . 1(10000)                  # the initial window, and the peer's
		> -
		< . 1(0) ack 1500 win 4700
		> -                           # nothing that he has room for
		< . 1(0) ack 10001 win 4700
		> . 10001(4000)               # not 700 of a segment more
		> -`)
}

func TestFINGoesWithTheLastSuperSegment(t *testing.T) {
	cutting(t, nil, 3000).run(`
		write 4500
		closewrite
		> . 1(3000)
		> FP. 3001(1500)
		> -`)
}

func TestNagleHoldsTheEndOfASuperSegment(t *testing.T) { // RFC 9293 §3.7.4
	cutting(t, &Config{Nagle: true}, 60000).run(`
		write 2500
		> . 1(2000)
		> P. 2001(500)
		write 2500
		> . 2501(2000)
		> -                         # there is a short one out
		< . 1(0) ack 2501
		> P. 4501(500)`)
}

func TestWhatIsLostOfASuperSegmentGoesAgainByItself(t *testing.T) {
	s := newScript(t, nil).sacking()
	s.super.Limit = 60000
	s.run(`
		write 10000
		> . 1(10000) size 1000
		> -
		+ 100ms
		< . 1(0) ack 2001
		< . 1(0) ack 2001 sack 3001-6001
		> . 2001(1000)
		> -
		+ 100ms
		< . 1(0) ack 10001`)
	if s.env.Stats.Retransmits != 1 {
		t.Errorf("%d retransmissions", s.env.Stats.Retransmits)
	}
}

func TestControlSegmentsOfACuttingHostAreWhole(t *testing.T) {
	s := newScript(t, nil)
	s.super.Limit = 60000
	s.active().run(`
		> S 0(0) mss 1460
		< S. 0(0) ack 1 win 10000 mss 1000
		> . 1(0) ack 1`)
	if s.super.HeaderLen != 0 || s.super.Segments() != 1 {
		t.Errorf("%+v", s.super)
	}
	s.run(`
		write 10
		> P. 1(10)`)
	if s.super.HeaderLen != HeaderLen {
		t.Errorf("%+v", s.super)
	}
}

func TestEmitSuperIntoABufferThatIsTooShortLosesNothing(t *testing.T) {
	s := cutting(t, nil, 60000).run("write 3000")
	for size := range MaxHeaderLen + 1 {
		if n := s.sock.EmitSuper(s.now, make([]byte, size), 0, &s.super); n != 0 {
			t.Fatalf("%d bytes into %d", n, size)
		}
	}
	s.run("> P. 1(3000)")
}

func TestAnEqualPartOfASuperSegmentIsAFullSegment(t *testing.T) { // RFC 9293 §3.8.6.3 (SHLD-19): not two of the whole length
	newScript(t, nil).established().run(`
		< . 1(3500) ack 1 size 1000
		> . 1(0) ack 3501
		< . 3501(1000) ack 1
		> -
		< . 4501(1000) ack 1
		> . 1(0) ack 5501`)
}

func TestPayloadSumIsThatOfTheBytes(t *testing.T) {
	s := cutting(t, nil, 60000).run("write 3000")
	s.emit(0)
	var got [700]byte
	sum := s.sock.PayloadSum(&s.super, 1999, got[:])
	var want uint32
	for i, c := range got {
		if c != streamByte(1999+i) {
			t.Fatalf("byte %d", i)
		}
		want += uint32(c) << (8 * (1 - i&1))
	}
	for want > 0xffff {
		want = want>>16 + want&0xffff
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	if sum != want {
		t.Errorf("sum %x, not %x", sum, want)
	}
}

func TestEmitSuperAllocatesNothing(t *testing.T) {
	s := cutting(t, nil, 60000)
	data := make([]byte, 5000)
	if n := testing.AllocsPerRun(1000, func() {
		s.sock.TryWrite(data)
		if s.emit(0) != HeaderLen+len(data) {
			t.Fatal(s.super)
		}
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndNxt, Flags: ACK, Window: 10000, Options: Options{WScale: -1}})
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func TestASuperSegmentIsNoLongerThanAQuantum(t *testing.T) {
	s := newScript(t, nil).sacking()
	s.super.Limit = 60000
	s.run(`
		write 10000
		> . 1(10000)
		+ 100ms
		< . 1(0) ack 9001
		write 20000`)
	s.sock.cwnd = 20000
	s.run(`
		> . 10001(2000) size 1000     # two segments, at 400 kB/s
		> -
		+ 3ms
		> -
		+ 2ms
		> . 12001(2000)
		> -`)
}
