package phy

import (
	"math/rand/v2"
	"testing"
)

// A lane under random use against the plainest model there is: no slot is ever in two hands, none
// is lost, and the frames come out as they went in.
func TestLaneAgainstAModel(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		var l lane
		limit := 1 + r.IntN(9)
		l.init(8, limit)
		var model []byte
		building := false
		next := byte(0)
		for range 2000 {
			switch r.IntN(4) {
			case 0:
				b := l.buffer(1 + r.IntN(8))
				if full := len(model) >= limit && !building; (b == nil) != full {
					t.Fatalf("seed %d: refused: %v, full: %v", seed, b == nil, full)
				}
				if b != nil {
					building = true
					next++
					b[0] = next
				}
			case 1:
				err := l.send(1)
				if (err == nil) != building {
					t.Fatalf("seed %d: send: %v, building: %v", seed, err, building)
				}
				if building {
					model = append(model, next)
				}
				building = false
			default:
				f, err := l.receive()
				if err != nil || (f == nil) != (len(model) == 0) {
					t.Fatalf("seed %d: got %v, %v with %d queued", seed, f, err, len(model))
				}
				if f != nil {
					if f[0] != model[0] {
						t.Fatalf("seed %d: got frame %d, want %d", seed, f[0], model[0])
					}
					model = model[1:]
				}
			}
			checkSlots(t, &l)
		}
	}
}

// checkSlots counts every slot in exactly one place.
func checkSlots(t *testing.T, l *lane) {
	t.Helper()
	seen := make([]int, len(l.slots))
	for _, s := range l.free {
		seen[s]++
	}
	for i := l.head; i != l.tail; i++ {
		seen[l.ring[i&uint32(len(l.ring)-1)].slot]++
	}
	for _, s := range []int32{l.building, l.held} {
		if s != none {
			seen[s]++
		}
	}
	for s, n := range seen {
		if n != 1 {
			t.Fatalf("slot %d is in %d places", s, n)
		}
	}
	if len(l.slots) > int(l.limit)+2 {
		t.Fatalf("%d slots for a limit of %d", len(l.slots), l.limit)
	}
}
