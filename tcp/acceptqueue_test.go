package tcp

import (
	"math/rand/v2"
	"testing"
)

func TestAcceptQueueAgainstAModel(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 3))
		var q acceptQueue
		q.head, q.tail = 0xfffffff0, 0xfffffff0 // positions wrap
		var model []*Socket
		for range 500 {
			switch r.IntN(3) {
			case 0:
				if len(model) < 20 {
					s := &Socket{}
					q.push(s)
					model = append(model, s)
				}
			case 1:
				var want *Socket
				if len(model) > 0 {
					want, model = model[0], model[1:]
				}
				if got := q.pop(); got != want {
					t.Fatalf("seed %d: wrong socket", seed)
				}
			case 2:
				if len(model) > 0 {
					i := r.IntN(len(model))
					q.remove(model[i])
					model = append(model[:i:i], model[i+1:]...)
				}
			}
			if q.live != len(model) {
				t.Fatalf("seed %d: live %d, want %d", seed, q.live, len(model))
			}
		}
		if len(q.places) > 64 {
			t.Fatalf("seed %d: %d places for 20 sockets", seed, len(q.places))
		}
	}
}

func TestAcceptQueueStaysSmallThoughEverybodyDiesBehindTheFirst(t *testing.T) {
	var q acceptQueue
	q.push(&Socket{})
	for range 100_000 {
		s := &Socket{}
		q.push(s)
		q.remove(s)
	}
	if len(q.places) > 16 {
		t.Fatalf("%d places", len(q.places))
	}
}
