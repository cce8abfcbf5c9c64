package iface

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"smoltls/internal/bufpool"
	"smoltls/tcp"
)

// frag is a fragment of a datagram of distinct bytes.
type frag struct {
	from, to int
	more     bool
}

var fragHead = []byte("the header")

func fragData(n int) []byte {
	b := make([]byte, n)
	for k := range b {
		b[k] = byte(k + k>>8)
	}
	return b
}

func newReassembler(l Limits) *reassembler {
	r := &reassembler{}
	r.init(bufpool.New(bufpool.Config{}), l.withDefaults())
	return r
}

func (r *reassembler) put(now tcp.Instant, id uint32, f frag) ([]byte, DropReason) {
	whole, why := r.add(now, &fragment{key: fragKey{id: id}, head: fragHead, offset: f.from, more: f.more, data: fragData(f.to)[f.from:]})
	if whole == nil {
		return nil, why
	}
	return append(bytes.Clone(whole.head), whole.data...), why
}

func TestDatagramsAreReassembledInWhateverOrderTheirFragmentsCome(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	r := newReassembler(Limits{})
	for n := range 300 {
		size := 1 + rng.IntN(9000)
		var fs []frag
		for at := 0; at < size; {
			to := min(size, at+8*(1+rng.IntN(100)))
			fs = append(fs, frag{at, to, to < size})
			at = to
		}
		rng.Shuffle(len(fs), func(a, b int) { fs[a], fs[b] = fs[b], fs[a] })
		last := len(fs) - 1
		fs = slices.Concat(fs[:last], fs[:rng.IntN(last+1)], fs[last:]) // some twice
		for k, f := range fs {
			p, why := r.put(0, uint32(n), f)
			done := k == len(fs)-1
			if why != DropNone || (p != nil) != done || done && !bytes.Equal(p, append(bytes.Clone(fragHead), fragData(size)...)) {
				t.Fatalf("datagram %d of %d bytes, fragment %d of %d: %d bytes, %v", n, size, k, len(fs), len(p), why)
			}
		}
	}
	if r.used != 0 || r.pool.Out() != 0 || len(r.m) != 0 || r.oldest != nil || r.newest != nil {
		t.Errorf("left behind: %d bytes, %d datagrams", r.used, len(r.m))
	}
}

func TestOverlappingFragmentsAreRefusedWithTheWholeDatagram(t *testing.T) {
	for _, c := range [][]frag{
		{{0, 16, true}, {8, 24, true}},
		{{8, 24, true}, {0, 16, true}},
		{{0, 24, true}, {8, 16, true}},
		{{8, 16, true}, {0, 24, true}},
		{{0, 16, true}, {0, 8, true}},
		{{16, 20, false}, {16, 24, true}},  // beyond the end
		{{16, 24, true}, {8, 16, false}},   // an end before what is there
		{{16, 20, false}, {24, 26, false}}, // two ends
	} {
		r := newReassembler(Limits{})
		if _, why := r.put(0, 1, c[0]); why != DropNone {
			t.Fatal(why)
		}
		if _, why := r.put(0, 1, c[1]); why != DropFragmentOverlap {
			t.Errorf("%v: %v", c, why)
		}
		for _, f := range []frag{{0, 8, true}, {8, 12, false}} { // what would make it whole
			if p, why := r.put(0, 1, f); p != nil || why != DropFragmentOverlap {
				t.Errorf("%v: afterwards %v", c, why)
			}
		}
		if r.used != 0 {
			t.Errorf("%v: %d bytes are held", c, r.used)
		}
	}
	r := newReassembler(Limits{})
	r.put(0, 1, frag{0, 8, true})
	if _, why := r.add(0, &fragment{key: fragKey{id: 1}, more: true, data: []byte("otherwis")}); why != DropFragmentOverlap {
		t.Errorf("the same place with other bytes: %v", why)
	}
}

func TestFragmentsThatCannotBeAreDropped(t *testing.T) {
	r := newReassembler(Limits{})
	for _, f := range []frag{{0, 0, true}, {0, 7, true}, {65528, 65536, false}, {8, 8, false}} {
		if _, why := r.put(0, 1, f); why != DropMalformed || len(r.m) != 0 {
			t.Errorf("%v: %v", f, why)
		}
	}
	if _, why := r.put(0, 1, frag{65528, 65535, false}); why != DropNone {
		t.Errorf("the very last byte there can be: %v", why)
	}
}

func TestReassemblyIsBounded(t *testing.T) {
	r := newReassembler(Limits{Reassembling: 4, ReassemblyMemory: 1200, Fragments: 4})
	for id := range uint32(100) {
		r.put(0, id, frag{8, 24, true})
	}
	if len(r.m) != 4 || r.used != 4*bufpool.Size(16) || r.pushedOut != 96 || r.m[fragKey{id: 99}] == nil || r.m[fragKey{id: 95}] != nil {
		t.Errorf("%d datagrams, %d bytes", len(r.m), r.used)
	}
	if _, why := r.put(0, 200, frag{0, 992, true}); why != DropNone || r.used != bufpool.Size(992) || r.pushedOut != 100 {
		t.Errorf("the oldest do not give way: %v, %d bytes", why, r.used)
	}
	if _, why := r.put(0, 200, frag{992, 1008, true}); why != DropFragmentMemory || r.used != 0 || len(r.m) != 0 || r.pool.Out() != 0 {
		t.Errorf("more than all memory: %v, %d bytes", why, r.used)
	}
	for k := range 5 {
		want := DropNone
		if k == 4 {
			want = DropFragmentMemory
		}
		if _, why := r.put(0, 300, frag{16 * k, 16*k + 8, true}); why != want {
			t.Errorf("fragment %d: %v", k, why)
		}
	}
}

func TestFragmentsAreGivenUpWhenTheirTimeIsOver(t *testing.T) {
	r := newReassembler(Limits{})
	r.put(0, 1, frag{0, 8, true})
	r.put(tcp.Instant(time.Second), 2, frag{8, 16, true})
	r.put(tcp.Instant(2*time.Second), 1, frag{16, 24, true}) // does not prolong
	if at := r.next(); at != tcp.Instant(reassemblyTime) || r.expired(at-1) != nil {
		t.Errorf("given up at %v", at)
	}
	f := r.expired(tcp.Instant(reassemblyTime))
	if f == nil || f.key.id != 1 || f.head == nil {
		t.Fatalf("%+v", f)
	}
	r.free(f)
	f = r.expired(tcp.Instant(2 * reassemblyTime))
	if f == nil || f.key.id != 2 || f.head != nil {
		t.Fatalf("%+v", f)
	}
	r.free(f)
	if r.next() != tcp.Never || r.used != 0 {
		t.Errorf("left behind: %v, %d bytes", r.next(), r.used)
	}
}

// FuzzReassembly: whatever comes, the bounds hold, the books balance, and a datagram that is given out is made of bytes
// that came.
func FuzzReassembly(f *testing.F) {
	f.Add([]byte{1, 0, 1, 2, 1, 1, 0, 0})
	f.Add([]byte{1, 0, 3, 1, 1, 1, 3, 1, 1, 3, 1, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		l := Limits{Reassembling: 3, ReassemblyMemory: 2000, Fragments: 6}
		r := newReassembler(l)
		for now := tcp.Instant(0); len(script) >= 4; script = script[4:] {
			id, from, n, more := uint32(script[0]&7), 8*int(script[1]&63), int(script[2]), script[3]&1 == 1
			if p, _ := r.put(now, id, frag{from, from + n, more}); p != nil && !bytes.Equal(p, append(bytes.Clone(fragHead), fragData(len(p)-len(fragHead))...)) {
				t.Fatal("not what was sent")
			}
			now = now.Add(time.Duration(script[3]) * time.Second)
			if f := r.expired(now); f != nil {
				r.free(f)
			}
			sum := 0
			for _, f := range r.m {
				for _, p := range f.pieces {
					sum += bufpool.Size(len(p.data))
				}
			}
			if sum != r.used || sum == 0 != (r.pool.Out() == 0) || r.used > l.ReassemblyMemory || len(r.m) > l.Reassembling {
				t.Fatalf("%d bytes held, %d counted, %d datagrams", sum, r.used, len(r.m))
			}
		}
	})
}
