package dgram

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"smoltls/internal/bufpool"
)

func TestQueueGivesWhatWasPutInOrder(t *testing.T) {
	pool := bufpool.New(bufpool.Config{})
	var q Queue[int]
	q.Init(pool, 100, 100_000)
	rng := rand.New(rand.NewPCG(1, 1))
	var want [][]byte
	first := 0
	for n := range 20_000 {
		if rng.IntN(2) == 0 {
			room, size := rng.IntN(9), rng.IntN(2000)
			b := q.Push(first+len(want), room, size)
			full := len(want) >= 100 || q.Bytes() > 100_000
			if b == nil {
				if !full && q.Bytes()+room+size <= 100_000 {
					t.Fatalf("step %d: refused with %d datagrams of %d bytes", n, q.Len(), q.Bytes())
				}
				continue
			}
			for k := range b {
				b[k] = byte(rng.Uint32())
			}
			want = append(want, bytes.Clone(b))
		} else if b, note := q.Front(); len(want) == 0 && b != nil || len(want) > 0 && (!bytes.Equal(b, want[0]) || *note != first) {
			t.Fatalf("step %d: another datagram", n)
		} else if len(want) > 0 {
			want = want[1:]
			first++
			q.Pop()
		}
		if q.Len() != len(want) || q.Len() > 100 || q.Bytes() > 100_000 {
			t.Fatalf("step %d: %d datagrams, %d bytes", n, q.Len(), q.Bytes())
		}
	}
	q.Clear()
	if q.Len() != 0 || q.Bytes() != 0 || pool.Out() != 0 {
		t.Errorf("left behind: %d datagrams, %d bytes, %d of the pool", q.Len(), q.Bytes(), pool.Out())
	}
}

func TestAnEmptyDatagramIsOne(t *testing.T) {
	var q Queue[string]
	q.Init(bufpool.New(bufpool.Config{}), 1, 10)
	if q.Push("it", 0, 0) == nil || q.Push("another", 0, 0) != nil {
		t.Fatal("not the one that there is room for")
	}
	if b, note := q.Front(); b == nil || len(b) != 0 || *note != "it" {
		t.Error("it is lost")
	}
}

func TestAQueueInUseAllocatesNothing(t *testing.T) {
	var q Queue[int]
	q.Init(bufpool.New(bufpool.Config{}), 64, 1<<20)
	if n := testing.AllocsPerRun(1000, func() {
		q.Push(1, 8, 1400)
		q.Push(2, 8, 100)
		q.Pop()
		q.Pop()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if (&Queue[int]{}).Push(1, 0, 1) != nil {
		t.Error("the zero queue takes something")
	}
}
