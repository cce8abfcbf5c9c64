package tcp

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestRangesAgainstAModel(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		base := Seq(r.Uint32()) // often close to the wrap
		if seed%2 == 0 {
			base = 0xffffff80
		}
		var o outOfOrder
		var model [256]bool
		next := 0
		for range 60 {
			from := next + r.IntN(200-next+1)
			to := from + 1 + r.IntN(20)
			o.add(base.Add(from), base.Add(to))
			for i := from; i < to; i++ {
				model[i] = true
			}
			if r.IntN(4) == 0 {
				end := o.take(base.Add(next)).Sub(base)
				for model[next] {
					next++
				}
				if end != next {
					t.Fatalf("seed %d: in order up to %d, want %d", seed, end, next)
				}
				if next > 180 {
					break
				}
			}
			checkRanges(t, seed, &o, base, model[:], next)
		}
	}
}

// checkRanges compares o with the model from next on, where what follows next without a gap may still stand in o.
func checkRanges(t *testing.T, seed uint64, o *outOfOrder, base Seq, model []bool, next int) {
	t.Helper()
	var got [256]bool
	for i, r := range o.ranges {
		if !r.from.Less(r.to) || i > 0 && !o.ranges[i-1].to.Less(r.from) {
			t.Fatalf("seed %d: ranges touch or are out of order: %v", seed, o.ranges)
		}
		for s := r.from; s != r.to; s++ {
			got[s.Sub(base)] = true
		}
	}
	for i := next; i < len(model); i++ {
		if got[i] != model[i] {
			t.Fatalf("seed %d: byte %d: %v", seed, i, got[i])
		}
	}
}

func TestGapsAreBounded(t *testing.T) {
	s := newScript(t, &Config{MaxOutOfOrder: 2}).established().run(`
		< . 101(100) ack 1
		> . 1(0) ack 1
		< . 301(100) ack 1
		> . 1(0) ack 1
		< . 501(100) ack 1          # a third range
		> . 1(0) ack 1
		< . 201(50) ack 1           # joins one that is there
		> . 1(0) ack 1
		< . 1(100) ack 1
		> . 1(0) ack 251
		< . 251(50) ack 1
		> . 1(0) ack 401
		< . 401(200) ack 1
		+ 40ms
		> . 1(0) ack 601
		read 600`)
	if s.env.Stats.DropOutOfOrderFull != 1 || s.env.Stats.OutOfOrder != 4 {
		t.Fatalf("%+v", s.env.Stats)
	}
	if s.sock.Info().Gaps != 0 || s.sock.ooo != nil || s.env.Pool.Out() != 0 {
		t.Fatal("something is left")
	}
}

func TestALargeBufferHoldsAGapForEveryOtherSegment(t *testing.T) {
	s := newScript(t, &Config{RecvBuffer: 4 << 20}).active().run(`
		> S 0(0) wscale 7
		< S. 0(0) ack 1 win 10000 mss 1460 wscale 0
		> . 1(0)`)
	s.sock.rcvAdv = s.sock.rcvNxt.Add(4 << 20)
	for i := 1; i < 2800; i += 2 {
		seg := s.parse(fmt.Sprintf("< %d(1460) ack 1", 1+1460*i))
		seg.Flags = ACK
		s.sock.Process(s.now, &seg)
	}
	if n := s.env.Stats.DropOutOfOrderFull; n != 0 || s.sock.Info().Gaps != 1400 {
		t.Fatalf("%d dropped, %d gaps", n, s.sock.Info().Gaps)
	}
}

func TestRecordsOfOutOfOrderDataAreUsedAgainAndBounded(t *testing.T) {
	var env Env
	a := env.getOOO()
	a.add(1, 2)
	env.putOOO(a)
	if b := env.getOOO(); b != a || len(b.ranges) != 0 {
		t.Fatal("not used again, or not empty")
	}
	b := env.getOOO()
	b.ranges = make([]seqRange, 2*maxKeptRanges)
	if env.putOOO(b); b.ranges != nil {
		t.Fatal("much memory is kept")
	}
	for range 2 * maxFreeOOO {
		env.putOOO(&outOfOrder{})
	}
	if len(env.freeOOO) != maxFreeOOO {
		t.Fatal(len(env.freeOOO))
	}
}
