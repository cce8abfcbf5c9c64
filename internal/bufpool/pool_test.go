package bufpool

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSizeIsTheNextPowerOfTwo(t *testing.T) {
	for _, c := range [][2]int{{1, 256}, {256, 256}, {257, 512}, {65536, 65536}, {65537, 131072}, {1 << 21, 1 << 21}, {0, 0}, {-1, 0}} {
		if got := Size(c[0]); got != c[1] {
			t.Errorf("Size(%d) = %d, want %d", c[0], got, c[1])
		}
	}
}

func TestPoolGivesNoMoreThanItsLimit(t *testing.T) {
	p := New(Config{Limit: 4096})
	a := p.Get(2048)
	b := p.Get(2048)
	if a == nil || b == nil {
		t.Fatal("refused below the limit")
	}
	if p.Get(1) != nil {
		t.Fatal("gave more than the limit")
	}
	p.Put(a)
	if p.Get(4096) != nil {
		t.Fatal("gave more than the limit with half of it free")
	}
	if p.Get(1025) == nil {
		t.Fatal("refused after memory came back")
	}
	if p.Get(0) != nil || p.Get(-1) != nil || p.Get(math.MaxInt) != nil {
		t.Fatal("gave a buffer of impossible size")
	}
}

func TestPoolKeepsNoMoreThanItShould(t *testing.T) {
	p := New(Config{Spare: 1024})
	var bs [][]byte
	for range 8 {
		bs = append(bs, p.Get(512))
	}
	for _, b := range bs {
		p.Put(b)
	}
	if p.Spare() != 1024 || p.Out() != 0 {
		t.Fatalf("kept %d, outstanding %d", p.Spare(), p.Out())
	}
	p = New(Config{})
	big := p.Get(MaxClass + 1)
	p.Put(big)
	if p.Spare() != 0 || p.Out() != 0 {
		t.Fatal("a buffer beyond the largest class was kept")
	}
}

func TestPoolBuffersDoNotOverlap(t *testing.T) {
	p := New(Config{})
	r := rand.New(rand.NewPCG(1, 2))
	held := map[byte][]byte{}
	for range 10_000 {
		id := byte(r.IntN(64))
		if b, ok := held[id]; ok {
			for i := range b {
				if b[i] != id {
					t.Fatal("somebody else wrote into a buffer that was handed out")
				}
			}
			p.Put(b)
			delete(held, id)
			continue
		}
		b := p.Get(1 + r.IntN(3000))
		for i := range b {
			b[i] = id
		}
		held[id] = b
	}
	for _, b := range held {
		p.Put(b)
	}
	if p.Out() != 0 {
		t.Fatalf("%d bytes never came back", p.Out())
	}
}

func TestPoolAllocatesNothingInSteadyState(t *testing.T) {
	p := New(Config{})
	p.Put(p.Get(65536))
	if n := testing.AllocsPerRun(100, func() { p.Put(p.Get(65536)) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
