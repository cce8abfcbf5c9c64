package ring

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"smoltls/internal/bufpool"
)

// stream is byte i of the model's stream.
func stream(i int) byte { return byte(i) ^ byte(i>>8)*7 }

// put makes room for p at off and puts it there.
func put(q *Recv, pool *bufpool.Pool, off int, p []byte) bool {
	return q.Reserve(pool, q.Len()+off+len(p)) && q.WriteAt(off, p)
}

func TestRecvAgainstAModelWithDataInAnyOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		pool := bufpool.New(bufpool.Config{})
		limit := 1 << (8 + r.IntN(6))
		var q Recv
		next, read := 0, 0     // stream offsets: end of the bytes in order, first unread byte
		have := map[int]bool{} // out-of-order bytes present
		for range 300 {
			switch r.IntN(3) {
			case 0, 1:
				room := limit - (next - read)
				if room <= 0 {
					continue
				}
				off := 0
				if r.IntN(2) == 0 {
					off = r.IntN(room)
				}
				p := make([]byte, 1+r.IntN(room-off))
				for i := range p {
					p[i] = stream(next + off + i)
				}
				if !put(&q, pool, off, p) {
					t.Fatalf("seed %d: refused %d bytes at %d with room %d", seed, len(p), off, room)
				}
				for i := range p {
					have[next+off+i] = true
				}
				n := 0
				for have[next+n] {
					delete(have, next+n)
					n++
				}
				q.Advance(n)
				next += n
			case 2:
				a, b := q.Spans()
				got := append(append([]byte(nil), a...), b...)
				want := make([]byte, next-read)
				for i := range want {
					want[i] = stream(read + i)
				}
				if !bytes.Equal(got, want) {
					t.Fatalf("seed %d: content differs", seed)
				}
				n := r.IntN(len(want) + 1)
				q.Discard(n)
				read += n
			}
			if q.Len() != next-read {
				t.Fatalf("seed %d: Len %d, want %d", seed, q.Len(), next-read)
			}
		}
		q.Trim()
		q.Discard(q.Len())
		q.Release(pool)
		if pool.Out() != 0 {
			t.Fatalf("seed %d: an empty queue holds memory", seed)
		}
	}
}

func TestRecvRefusesBeyondItsLimitAndThePoolsAndLosesNothing(t *testing.T) {
	pool := bufpool.New(bufpool.Config{Limit: 256})
	var q Recv
	if !put(&q, pool, 0, make([]byte, 200)) {
		t.Fatal("refused within the bounds")
	}
	q.Advance(200)
	if put(&q, pool, 0, make([]byte, 100)) {
		t.Fatal("took more than the pool has")
	}
	if q.WriteAt(0, make([]byte, 100)) || q.WriteAt(-1, []byte{1}) {
		t.Fatal("wrote where no room was made")
	}
	if q.Advance(1) || q.Advance(-1) {
		t.Fatal("made bytes readable that were never written")
	}
	if q.Len() != 200 {
		t.Fatal("a refusal changed the queue")
	}
	q.Drop(pool)
	if pool.Out() != 0 {
		t.Fatal("Drop kept memory")
	}
}

func TestRecvStartsAgainAtZeroWhenItRunsEmpty(t *testing.T) {
	pool := bufpool.New(bufpool.Config{})
	var q Recv
	for range 100 {
		put(&q, pool, 0, make([]byte, 200))
		q.Advance(200)
		if a, b := q.Spans(); len(a) != 200 || b != nil {
			t.Fatal("data wraps though the queue was empty before")
		}
		q.Discard(200)
	}
}
