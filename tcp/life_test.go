package tcp

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"
)

// life is a socket to which anything happens, in an order that dice decide, and what must hold whatever that is.
type life struct {
	t     testing.TB
	dice  *dice
	now   Instant
	env   Env
	sock  *end
	l     Listener
	cfg   Config
	una   Seq
	frame [1600]byte
}

// dice are random numbers from the bytes of a fuzzer; behind their end, from a seed.
type dice struct {
	bytes []byte
	rand  *rand.Rand
}

func (d *dice) n(n int) int {
	if len(d.bytes) >= 2 {
		v := int(binary.BigEndian.Uint16(d.bytes))
		d.bytes = d.bytes[2:]
		return v % n
	}
	return d.rand.IntN(n)
}

func newLife(t testing.TB, d *dice) *life {
	f := &life{t: t, dice: d, now: 1e9, sock: &end{}}
	f.cfg = Config{RecvBuffer: 1024 << d.n(8), SendBuffer: 1024 << d.n(4), Nagle: d.n(2) == 0, MaxOutOfOrder: 1 + d.n(4),
		KeepAlive: time.Duration(d.n(2)) * time.Second, NoTimestamps: d.n(2) == 0, Congestion: Congestion(d.n(3)), ECN: ECN(d.n(3)),
		MaxRecvBuffer: 1024 << d.n(10), MaxSendBuffer: 1024 << d.n(7)}
	f.sock.Init(&f.env, f.sock, &f.cfg)
	f.l.Init(&f.env, ListenConfig{Config: &f.cfg})
	iss := Seq(0xffff0000).Add(d.n(1 << 17))
	syn := Segment{SrcPort: 2, DstPort: 1, Seq: Seq(d.n(1 << 16)), Ack: iss + 1, Flags: SYN, Window: uint16(d.n(1 << 16)),
		Options: Options{MSS: uint16(d.n(1500)), WScale: int8(d.n(16) - 1), HasTS: d.n(2) == 0, SACKPermitted: d.n(2) == 0}}
	if d.n(2) == 0 {
		syn.Flags |= ECE
	}
	if d.n(2) == 0 {
		f.sock.Connect(f.now, 1, 2, iss, 500)
		f.emit()
		syn.Flags |= ACK
		f.sock.Process(f.now, &syn)
	} else {
		f.l.Open(f.now, &f.sock.Socket, &syn, iss, 500)
		f.emit()
		f.sock.Process(f.now, &Segment{Seq: syn.Seq + 1, Ack: iss + 1, Flags: ACK, Window: syn.Window, Options: Options{WScale: -1, HasTS: syn.HasTS}})
	}
	f.una = f.sock.sndUna
	return f
}

func (f *life) step() {
	d, s := f.dice, f.sock
	if d.n(4) == 0 {
		f.now = f.now.Add(time.Duration(1+d.n(300)) * time.Millisecond)
	}
	switch d.n(16) {
	default:
		f.segment()
	case 6:
		s.TryWrite(make([]byte, d.n(2000)))
	case 7:
		s.TryRead(make([]byte, d.n(2000)))
	case 8:
		if b := s.AvailableBuffer(d.n(900)); b != nil {
			s.Commit(d.n(cap(b) + 2))
		}
	case 9, 10, 11:
		f.emit()
	case 12, 13:
		f.expire()
	case 14:
		s.Discard(d.n(500))
	case 15:
		switch d.n(40) {
		case 0, 1, 2:
			s.CloseWrite()
		case 3:
			s.Close()
		case 4:
			s.Abort()
		}
	}
	f.check()
}

// segment lets a segment arrive whose numbers are near those that count.
func (f *life) segment() {
	d, s := f.dice, f.sock
	seg := Segment{Seq: s.rcvNxt.Add(d.n(3) * (d.n(1200) - 300)), Ack: s.sndUna.Add(d.n(3) * (d.n(900) - 100)), Flags: ACK,
		Window: uint16(d.n(3) * d.n(4000)), Options: Options{WScale: -1, MSS: 400}, Payload: make([]byte, d.n(2)*d.n(700))}
	if d.n(3) == 0 {
		seg.Ack = s.sndMax
	}
	for _, c := range []struct {
		flag Flags
		odds int
	}{{FIN, 40}, {RST, 200}, {SYN, 60}, {URG, 30}, {ACK, 60}, {ECE, 8}, {CWR, 8}} {
		if d.n(c.odds) == 0 {
			seg.Flags ^= c.flag
		}
	}
	seg.CE = d.n(8) == 0
	for range d.n(3) {
		from := s.sndUna.Add(d.n(1500) - 200)
		seg.SACK = binary.BigEndian.AppendUint32(seg.SACK, uint32(from))
		seg.SACK = binary.BigEndian.AppendUint32(seg.SACK, uint32(from.Add(d.n(1200)-100)))
	}
	if s.flags&flagTS != 0 && d.n(10) != 0 || d.n(10) == 0 {
		seg.HasTS, seg.TSVal, seg.TSEcr = true, s.tsRecent+uint32(d.n(4)-1), s.tsVal(f.now)-uint32(d.n(300))
	}
	s.Process(f.now, &seg)
}

// emit takes all that Emit gives.
func (f *life) emit() {
	s := f.sock
	for i := 0; ; i++ {
		n := s.Emit(f.now, f.frame[:], 0)
		if n == 0 {
			break
		}
		var seg Segment
		if err := seg.Parse(f.frame[:n]); err != nil {
			f.t.Fatal(err)
		}
		if len(seg.Payload) > 500 || i > 2000 {
			f.t.Fatalf("%d bytes, %d segments at once: %+v", len(seg.Payload), i, s.Info())
		}
	}
	if s.state != StateClosed && s.sndUna != s.sndMax && s.rtxAt == Never {
		f.t.Fatalf("something is outstanding and no timer runs: %+v", s.Info())
	}
	if s.state >= StateEstablished && s.state != StateTimeWait && s.snd.Len() > 0 && s.rtxAt == Never {
		f.t.Fatalf("something is queued and no timer runs: %+v", s.Info())
	}
}

func (f *life) expire() {
	if f.sock.Deadline() == Never {
		return
	}
	f.now = max(f.now, f.sock.Deadline())
	f.sock.Expire(f.now)
	for i := 0; f.sock.Deadline() <= f.now; i++ {
		if i > 3 {
			f.t.Fatalf("a deadline stays due: %+v", f.sock.Info())
		}
		f.sock.Expire(f.now)
	}
}

// check is what must hold after every step.
func (f *life) check() {
	s := f.sock
	if s.state == StateClosed {
		if s.Deadline() != Never || s.snd.Cap() != 0 || s.ooo != nil {
			f.t.Fatalf("closed, with a timer or memory: %+v", s.Info())
		}
		return
	}
	held, room := s.rcv.Len(), max(s.rcvAdv.Sub(s.rcvNxt), 0)
	switch {
	case s.sndUna.Less(f.una), s.sndNxt.Less(s.sndUna), s.sndMax.Less(s.sndNxt):
		f.t.Fatalf("sndUna %d, before %d, sndNxt %d, sndMax %d", s.sndUna, f.una, s.sndNxt, s.sndMax)
	case s.state >= StateEstablished && s.state < StateTimeWait && s.sndMax.Sub(s.sndUna) > s.snd.Len()+1:
		f.t.Fatalf("outstanding beyond what is queued: %+v", s.Info())
	case held > s.recvLimit(), !s.PeerClosed() && held+room > s.recvLimit():
		f.t.Fatalf("%d bytes held, a window of %d told, a buffer of %d", held, room, s.recvLimit())
	case s.pipe() < 0 || s.tx != nil && (s.tx.sacked < 0 || s.tx.lost < 0 || s.tx.resent < 0):
		f.t.Fatalf("%d in the pipe: %+v", s.pipe(), s.tx.flight)
	case s.ooo != nil && (len(s.ooo.ranges) > f.cfg.maxOutOfOrder(f.sock.recvLimit())+1 || s.reach() > room):
		f.t.Fatalf("out of order: %v with %d of room", s.ooo.ranges, room)
	case s.state >= StateEstablished && s.cwnd < uint32(s.mss):
		f.t.Fatalf("cwnd %d, segments of %d", s.cwnd, s.mss)
	}
	f.una = s.sndUna
}

// end closes what is left, and looks for memory that nobody gave back.
func (f *life) end() {
	f.sock.Abort()
	f.sock.Abort()
	f.emit()
	f.check()
	if out := f.env.Pool.Out(); out != 0 {
		f.t.Fatalf("%d bytes never came back", out)
	}
}

func TestWhateverHappensTheInvariantsHold(t *testing.T) {
	for seed := range uint64(3000) {
		f := newLife(t, &dice{rand: rand.New(rand.NewPCG(seed, 6))})
		for range 300 {
			f.step()
		}
		f.end()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzProcess(f *testing.F) {
	f.Add(uint64(1), []byte{})
	f.Add(uint64(2), []byte("everything that happens is decided by these bytes, as far as they reach, two for each decision"))
	f.Fuzz(func(t *testing.T, seed uint64, b []byte) {
		l := newLife(t, &dice{bytes: b, rand: rand.New(rand.NewPCG(seed, 7))})
		for range 100 + len(b)/8 {
			l.step()
		}
		l.end()
	})
}
