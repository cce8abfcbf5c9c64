package tcp

import "testing"

func TestBulkSegmentsTakeTheFastPathWithTheSameResult(t *testing.T) {
	a, b := newScript(t, nil).established(), newScript(t, nil).established()
	for i := range 50 {
		seg := a.parse(". 1(700) ack 1")
		seg.Seq = seg.Seq.Add(700 * i)
		if !a.sock.fastData(a.now, &seg) {
			t.Fatalf("segment %d took the slow path", i)
		}
		slow := seg
		slow.Flags |= URG // means nothing to us, and keeps it off the fast path
		b.sock.Process(b.now, &slow)
		a.drain()
		b.drain()
		x, y := a.sock.Socket, b.sock.Socket
		if x.rcvNxt != y.rcvNxt || x.rcvAdv != y.rcvAdv || x.unacked != y.unacked || x.sndWl1 != y.sndWl1 || x.sndWl2 != y.sndWl2 ||
			x.flags != y.flags || x.ackAt != y.ackAt || x.rcv.Len() != y.rcv.Len() {
			t.Fatalf("segment %d: %+v and %+v", i, x.Info(), y.Info())
		}
		if i%9 == 8 {
			a.sock.Discard(5000)
			b.sock.Discard(5000)
		}
	}
}

func TestReceivingAllocatesNothing(t *testing.T) {
	s := newScript(t, nil).established()
	data, buf := make([]byte, 1000), make([]byte, 2000)
	if n := testing.AllocsPerRun(1000, func() {
		for range 2 {
			s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndNxt, Flags: ACK, Window: 10000, Payload: data, Options: Options{WScale: -1}})
		}
		if n, _ := s.sock.TryRead(buf); n != 2000 {
			t.Fatal(n)
		}
		if s.sock.Emit(s.now, buf, 0) == 0 {
			t.Fatal("no ACK")
		}
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func TestReceivingOutOfOrderAllocatesNothing(t *testing.T) {
	s := newScript(t, nil).established()
	data, buf := make([]byte, 100), make([]byte, 2000)
	if n := testing.AllocsPerRun(1000, func() {
		next := s.sock.rcvNxt
		for _, off := range []int{300, 100, 200, 0} {
			s.sock.Process(s.now, &Segment{Seq: next.Add(off), Ack: s.sock.sndNxt, Flags: ACK, Window: 10000, Payload: data, Options: Options{WScale: -1}})
		}
		if n, _ := s.sock.TryRead(buf); n != 400 {
			t.Fatal(n)
		}
		for s.sock.Emit(s.now, buf, 0) > 0 {
		}
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func TestSegmentsForAClosedSocketAreCounted(t *testing.T) {
	s := newScript(t, nil)
	s.sock.Process(s.now, &Segment{Flags: SYN})
	if s.env.Stats.DropClosed != 1 || s.env.Stats.SegmentsIn != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestReportsThatComeWithDataAreHeard(t *testing.T) { // RFC 2018 §5: in a transfer both ways they come with nothing else
	s := newScript(t, nil).sacking().run("unpaced\nwrite 10000")
	s.drain()
	s.run(`
		+ 100ms
		< . 1(100) ack 1 sack 1001-2001
		< . 101(100) ack 1 sack 1001-3001
		< . 201(100) ack 1 sack 1001-4001
		> . 1(1000)
		read 300`)
}
