package ring

import (
	"math/rand/v2"
	"testing"

	"smoltls/internal/bufpool"
)

func TestSendAgainstAModel(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		pool := bufpool.New(bufpool.Config{})
		limit := 256 << r.IntN(6)
		var q Send
		written, acked := 0, 0
		check := func(off, n int) {
			a, b := q.spans(off, n)
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
				b, _ := q.Reserve(pool, least, limit)
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
				q.Commit(n)
				written += n
			case 2:
				if q.Len() > 0 {
					n := 1 + r.IntN(q.Len())
					q.Release(n)
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
		q.Release(q.Len())
		q.Trim(pool)
		if written > acked && pool.Out() != 0 {
			t.Fatalf("seed %d: an empty queue holds memory", seed)
		}
	}
}

func TestSendReservationIsNeverCutByTheEndOfTheMemory(t *testing.T) {
	pool := bufpool.New(bufpool.Config{})
	var q Send
	q.Reserve(pool, 1000, 1024)
	q.Commit(1000)
	q.Release(900) // 24 bytes are free at the end, 900 at the start
	b, _ := q.Reserve(pool, 300, 1024)
	if len(b) < 300 {
		t.Fatalf("%d contiguous bytes, want 300", len(b))
	}
	q.Commit(40) // less than was asked for, and it would fit at the end: it belongs where it was built
	q.Reserve(pool, 260, 1024)
	q.Commit(260)
	if q.Len() != 400 {
		t.Fatalf("Len %d, want 400", q.Len())
	}
	if a, c := q.spans(0, 400); len(a) != 100 || len(c) != 300 {
		t.Fatalf("%d+%d bytes, want 100+300", len(a), len(c))
	}
}

func TestSendRefusesBeyondItsLimitAndThePools(t *testing.T) {
	pool := bufpool.New(bufpool.Config{Limit: 512})
	var q Send
	if b, _ := q.Reserve(pool, 101, 100); b != nil {
		t.Fatal("gave more than the limit")
	}
	if !q.Commit(0) || q.Commit(1) || q.Commit(-1) {
		t.Fatal("Commit without a reservation")
	}
	if n, refused := q.Write(pool, make([]byte, 101), 100); n != 100 && refused {
		t.Fatalf("wrote %d", n)
	}
	if b, refused := q.Reserve(pool, 400, 4096); b != nil || !refused {
		t.Fatal("gave more than the pool has")
	}
	if q.Len() == 0 {
		t.Fatal("a refusal changed the queue")
	}
}

func TestReservedIsEmptyOnceTheMemoryWasGivenBack(t *testing.T) {
	pool := bufpool.New(bufpool.Config{})
	var q Send
	if q.Reserved() != nil {
		t.Fatal("reserved in an empty queue")
	}
	q.Write(pool, make([]byte, 100), 1024)
	space, _ := q.Reserve(pool, 10, 1024)
	if got := q.Reserved(); len(got) != len(space) || &got[0] != &space[0] {
		t.Fatal("not what Reserve gave")
	}
	q.Commit(10)
	q.Release(110)
	q.Trim(pool)
	if len(q.Reserved()) != 0 || pool.Out() != 0 {
		t.Fatal("something is reserved in no memory")
	}
}
