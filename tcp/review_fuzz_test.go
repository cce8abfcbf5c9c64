package tcp

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestReviewRandomSegmentsAndCalls(t *testing.T) {
	for seed := range uint64(20000) {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Fatalf("seed %d: %v", seed, r)
				}
			}()
			randomLife(t, seed)
		}()
	}
}

func randomLife(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 5))
	var env Env
	e := &end{}
	cfg := &Config{RecvBuffer: 1024 << r.IntN(4), SendBuffer: 1024 << r.IntN(4), KeepAlive: time.Duration(r.IntN(2)) * time.Second, Nagle: r.IntN(2) == 0, MaxOutOfOrder: 1 + r.IntN(4)}
	e.Init(&env, e, cfg)
	now := Instant(1e9)
	var l Listener
	l.Init(&env, ListenConfig{Config: cfg})
	iss := Seq(r.Uint32())
	if r.IntN(2) == 0 {
		e.Connect(now, 1, 2, iss, 500)
	} else {
		l.Open(now, &e.Socket, &Segment{SrcPort: 2, DstPort: 1, Seq: Seq(r.Uint32()), Flags: SYN, Window: uint16(r.Uint32()), Options: Options{MSS: uint16(r.IntN(1500)), WScale: int8(r.IntN(16) - 1), HasTS: r.IntN(2) == 0}}, iss, 500)
	}
	var frame [1600]byte
	maxAcked := e.sndUna
	for range 200 {
		now += Instant(r.Int64N(int64(1+r.IntN(2)*200)*1e6) + 1)
		op := r.IntN(12)
		switch op {
		case 0, 1, 2, 3, 4:
			seg := Segment{Seq: e.rcvNxt.Add(r.IntN(5)*r.IntN(400) - 500*r.IntN(2)), Ack: e.sndUna.Add(r.IntN(3) * r.IntN(600)), Flags: ACK, Window: uint16(r.IntN(3) * r.IntN(3000)), Options: Options{WScale: -1, MSS: 400}, Payload: make([]byte, r.IntN(2)*r.IntN(700))}
			if r.IntN(3) == 0 {
				seg.Seq = e.rcvNxt
			}
			if r.IntN(3) == 0 {
				seg.Ack = e.sndMax
			}
			if r.IntN(20) == 0 {
				seg.Flags |= FIN
			}
			if r.IntN(40) == 0 {
				seg.Flags |= RST
			}
			if e.state < StateEstablished || r.IntN(30) == 0 {
				seg.Flags |= SYN
			}
			if r.IntN(30) == 0 {
				seg.Flags &^= ACK
			}
			if e.flags&flagTS != 0 && r.IntN(10) != 0 || r.IntN(10) == 0 {
				seg.HasTS, seg.TSVal, seg.TSEcr = true, e.tsRecent+uint32(r.IntN(3)), e.tsVal(now)-uint32(r.IntN(300))
			}
			e.Process(now, &seg)
		case 5:
			e.TryWrite(make([]byte, r.IntN(2000)))
		case 6:
			e.TryRead(make([]byte, r.IntN(2000)))
		case 7:
			if b := e.AvailableBuffer(1 + r.IntN(900)); b != nil {
				e.Commit(r.IntN(cap(b) + 2))
			}
		case 8:
			for i := 0; ; i++ {
				n := e.Emit(now, frame[:], 0)
				if n == 0 {
					break
				}
				var s Segment
				if err := s.Parse(frame[:n]); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				if len(s.Payload) > 500 {
					t.Fatalf("seed %d: payload %d", seed, len(s.Payload))
				}
				if i > 1000 {
					t.Fatalf("seed %d: Emit never ends %+v", seed, e.Info())
				}
			}
		case 9:
			if d := e.Deadline(); d != Never {
				now = max(now, d)
				e.Expire(now)
				for k := 0; e.Deadline() <= now; k++ {
					e.Expire(now)
					if k > 10 {
						t.Fatalf("seed %d: deadline stays due", seed)
					}
				}
			}
		case 10:
			if r.IntN(10) == 0 {
				e.CloseWrite()
			}
			if r.IntN(40) == 0 {
				e.Close()
			}
			if r.IntN(100) == 0 {
				e.Abort()
			}
		case 11:
			e.Discard(r.IntN(500))
			_ = e.Peek()
		}
		if e.sndUna.Less(maxAcked) {
			t.Fatalf("seed %d: sndUna went back", seed)
		}
		maxAcked = e.sndUna
		if e.state != StateClosed {
			if e.sndNxt.Less(e.sndUna) || e.sndMax.Less(e.sndNxt) {
				t.Fatalf("seed %d: una %d nxt %d max %d", seed, e.sndUna, e.sndNxt, e.sndMax)
			}
			if e.state >= StateEstablished && e.sndMax.Sub(e.sndUna) > e.snd.Len()+1 {
				t.Fatalf("seed %d: outstanding beyond queue", seed)
			}
			if op == 8 && e.state >= StateEstablished && e.sndUna != e.sndMax && e.Deadline() == Never {
				t.Fatalf("seed %d: outstanding, no timer, %+v una %d nxt %d max %d flags %b snd %d", seed, e.Info(), e.sndUna, e.sndNxt, e.sndMax, e.flags, e.snd.Len())
			}
			if e.rcv.Len() > cfg.recvBuffer() {
				t.Fatalf("seed %d: receive buffer overrun", seed)
			}
			if e.rcvAdv.Sub(e.rcvNxt)+e.rcv.Len() > cfg.recvBuffer() {
				if e.flags&flagPeerFIN == 0 {
					t.Fatalf("seed %d: told a window beyond the buffer: %d %d %d", seed, e.rcvAdv.Sub(e.rcvNxt), e.rcv.Len(), cfg.recvBuffer())
				}
			}
		} else if e.Deadline() != Never {
			t.Fatalf("seed %d: closed with a timer", seed)
		}
	}
	e.Discard(1 << 20)
	e.Abort()
	e.Discard(1 << 20)
	e.Abort()
	for e.Emit(now, frame[:], 0) > 0 {
	}
	if env.Pool.Out() != 0 {
		t.Fatalf("seed %d: %d bytes left, %v, read %d", seed, env.Pool.Out(), e.state, e.rcv.Len())
	}
}
