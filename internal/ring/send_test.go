package ring

import (
	"math/rand/v2"
	"testing"

	"smoltls/internal/bufpool"
)

func TestSendAgainstAModel(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		pool := &bufpool.Pool{}
		limit := 256 << r.IntN(6)
		var q Send
		written, acked := 0, 0
		check := func(off, n int) {
			a, b := q.At(off, n)
			if len(a)+len(b) != n {
				t.Fatalf("seed %d: At(%d, %d) gives %d+%d bytes", seed, off, n, len(a), len(b))
			}
			for i := range n {
				var c byte
				if i < len(a) {
					c = a[i]
				} else {
					c = b[i-len(a)]
				}
				if c != stream(acked+off+i) {
					t.Fatalf("seed %d: byte %d differs", seed, acked+off+i)
				}
			}
		}
		for range 500 {
			switch r.IntN(3) {
			case 0, 1:
				least := 1 + r.IntN(limit/2)
				b := q.Reserve(pool, limit, least)
				if b == nil {
					if q.Len() == 0 {
						t.Fatalf("seed %d: an empty queue refused %d of %d bytes", seed, least, limit)
					}
					continue
				}
				if len(b) < least || q.Len()+len(b) > limit {
					t.Fatalf("seed %d: asked for %d, got %d with %d of %d queued", seed, least, len(b), q.Len(), limit)
				}
				n := r.IntN(len(b) + 1)
				for i := range n {
					b[i] = stream(written + i)
				}
				q.Commit(b, n)
				written += n
			case 2:
				if q.Len() > 0 {
					n := 1 + r.IntN(q.Len())
					q.Release(pool, n)
					acked += n
				}
			}
			if q.Len() != written-acked {
				t.Fatalf("seed %d: Len %d, want %d", seed, q.Len(), written-acked)
			}
			check(0, q.Len())
			if q.Len() > 0 {
				off := r.IntN(q.Len())
				check(off, r.IntN(q.Len()-off+1))
			}
		}
		q.Release(pool, q.Len())
		if written > acked && pool.Outstanding() != 0 {
			t.Fatalf("seed %d: an empty queue holds memory", seed)
		}
	}
}

func TestSendReservationIsNeverCutByTheEndOfTheMemory(t *testing.T) {
	pool := &bufpool.Pool{}
	var q Send
	q.Commit(q.Reserve(pool, 1024, 1000), 1000)
	q.Release(pool, 900) // 24 bytes are free at the end, 900 at the start
	b := q.Reserve(pool, 1024, 300)
	if len(b) < 300 {
		t.Fatalf("%d contiguous bytes, want 300", len(b))
	}
	q.Commit(b, 300)
	if q.Len() != 400 {
		t.Fatalf("Len %d, want 400", q.Len())
	}
	if a, c := q.At(0, 400); len(a) != 100 || len(c) != 300 {
		t.Fatalf("%d+%d bytes, want 100+300", len(a), len(c))
	}
}

func TestSendRefusesBeyondItsLimitAndThePools(t *testing.T) {
	pool := &bufpool.Pool{Limit: 512}
	var q Send
	if q.Reserve(pool, 100, 101) != nil || q.Reserve(pool, 100, 0) != nil {
		t.Fatal("gave more than the limit")
	}
	b := q.Reserve(pool, 100, 1)
	if len(b) != 100 {
		t.Fatalf("%d bytes under a limit of 100", len(b))
	}
	q.Commit(b, 100)
	if q.Reserve(pool, 100, 1) != nil {
		t.Fatal("gave more than the limit")
	}
	if q.Reserve(pool, 4096, 400) != nil {
		t.Fatal("gave more than the pool has")
	}
	if q.Len() != 100 {
		t.Fatal("a refusal changed the queue")
	}
}
