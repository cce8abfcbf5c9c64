package tcp

import (
	"fmt"
	"testing"
)

func TestWindowIsWhatTheBufferHasLeft(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 10000}).established().run(`
		< . 1(1000) ack 1
		< . 1001(1000) ack 1
		> . 1(0) ack 2001 win 8000
		read 2000
		+ 1h
		> -                         # the peer still has most of the window: no need to tell
		< . 2001(1000) ack 1
		< . 3001(1000) ack 1
		> . 1(0) ack 4001 win 8000`)
}

func TestSmallReadsOpenNoSillyWindow(t *testing.T) { // RFC 9293 §3.8.6.2.2
	s := newScript(t, &Config{RecvBuffer: 3000}).established().run(`
		< . 1(1500) ack 1
		< . 1501(1500) ack 1
		> . 1(0) ack 3001 win 0
		read 900
		> -
		< . 3001(1) ack 1           # a probe hears the truth
		> . 1(0) ack 3001 win 0
		read 99
		> -
		read 1
		> . 1(0) ack 3001 win 1000  # a full segment`)
	if s.env.Stats.DropNotAcceptable != 1 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestSmallBufferOpensByHalf(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 1024}).established().run(`
		< . 1(1024) ack 1
		+ 40ms
		> . 1(0) ack 1025 win 0
		read 511
		> -
		read 1
		> . 1(0) ack 1025 win 512`)
}

func TestWindowUpdateComesOnlyOnceForManyReads(t *testing.T) {
	s := newScript(t, &Config{RecvBuffer: 8000}).established()
	for i := range 4 {
		seg := s.parse(". 1(2000) ack 1")
		seg.Seq = seg.Seq.Add(2000 * i)
		for j := range seg.Payload {
			seg.Payload[j] = streamByte(2000*i + j)
		}
		s.sock.Process(s.now, &seg)
	}
	s.run("> . 1(0) ack 8001 win 0")
	for range 80 {
		s.run("read 100")
	}
	s.run(`
		> . 1(0) ack 8001 win 8000
		> -`)
}

func TestRightEdgeNeverMovesBackByAUnitOfTheScale(t *testing.T) { // RFC 9293 §3.8.6 (SHLD-14), RFC 7323 §2.4
	s := newScript(t, &Config{RecvBuffer: 1 << 20}).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 mss 1000 wscale 0
		> . 1(0)`)
	unit := 1 << s.sock.rcvWScale
	var buf [200]byte
	var edge Seq
	for i := range 5000 {
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndNxt, Flags: ACK, Window: 1000, Payload: make([]byte, 1+i%700), Options: Options{WScale: -1}})
		s.advance(50e6)
		for n := s.sock.Emit(s.now, buf[:], 0); n > 0; n = s.sock.Emit(s.now, buf[:], 0) {
			var seg Segment
			seg.Parse(buf[:n])
			e := seg.Ack.Add(int(seg.Window) << s.sock.rcvWScale)
			if i > 0 && e.Sub(edge) <= -unit || s.sock.rcvAdv.Less(e) {
				t.Fatalf("segment %d: the edge moved by %d", i, e.Sub(edge))
			}
			edge = e
		}
		if s.sock.ReadBuffered() > 1<<20 {
			t.Fatal("more than the buffer")
		}
	}
}

func TestWindowsOfOldSegmentsAreNotTaken(t *testing.T) { // RFC 9293 §3.10.7.4: SND.WL1 and SND.WL2
	newScript(t, nil).established().run(`
		write 100
		> P. 1(100)
		< . 11(0) ack 101 win 50    # what comes before it is late
		< . 1(10) ack 101 win 5000
		+ 40ms
		> . 101(0) ack 11
		write 100
		> -
		< . 11(0) ack 101 win 5000
		> P. 101(100)`)
}

// A header without a scale has no number for more than 64 KiB: room beyond that is no news.
func TestRoomThatCannotBeToldIsNotTold(t *testing.T) {
	s := newScript(t, &Config{RecvBuffer: 1 << 20}).established()
	for i := range 20 {
		s.run(fmt.Sprintf(`
			< . %d(1000) ack 1
			+ 40ms
			> . 1(0) ack %d win 65535
			read 1000
			> -`, 1000*i+1, 1000*i+1001))
	}
}

func TestWindowIsUnderstoodAfterGiBsOfDataOneWay(t *testing.T) {
	s := newScript(t, nil).established()
	for i := range 40 {
		for range 2 { // the second comes in order, on the fast path
			s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndNxt, Flags: ACK, Window: 10000, Payload: []byte{1}, Options: Options{WScale: -1}})
			s.drain()
		}
		s.sock.Discard(10)
		if !s.sock.sndWl1.LessEq(s.sock.rcvNxt) || s.sock.rcvNxt.Sub(s.sock.sndWl1) > 10 {
			t.Fatalf("step %d: sndWl1 is %d behind", i, s.sock.rcvNxt.Sub(s.sock.sndWl1))
		}
	}
}
