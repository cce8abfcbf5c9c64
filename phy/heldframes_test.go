package phy

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestHeldFramesLeaveInOrderOfTimeThenOfArrival(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		var h heldFrames
		h.init(4, 300)
		type frame struct{ due, id int }
		var want []frame
		for id := range 300 {
			due := r.IntN(40)
			slot := h.take(2)
			h.slots[slot][0], h.slots[slot][1] = byte(id>>8), byte(id)
			h.push(t0.Add(time.Duration(due)), slot, 2)
			want = append(want, frame{due, id})
		}
		if !h.full() {
			t.Fatal("room beyond the limit")
		}
		slices.SortStableFunc(want, func(a, b frame) int { return a.due - b.due })
		for i, w := range want {
			at := t0.Add(time.Duration(w.due))
			if h.next() != at {
				t.Fatalf("seed %d: frame %d is due at %v, want %v", seed, i, h.next(), at)
			}
			if _, ok := h.due(at.Add(-1)); ok {
				t.Fatal("due too early")
			}
			f, ok := h.due(at)
			if b := h.bytes(f); !ok || int(b[0])<<8|int(b[1]) != w.id {
				t.Fatalf("seed %d: got frame %v at place %d, want %d", seed, b, i, w.id)
			}
			h.pop()
			h.release(f.slot)
		}
		if !h.empty() || !h.next().IsZero() || len(h.free) != 300 {
			t.Fatal("something was left, or lost")
		}
	}
}

func TestHeldFramesGrowASlotForALongerFrame(t *testing.T) {
	var h heldFrames
	h.init(4, 1)
	slot := h.take(9)
	if len(h.slots[slot]) != 9 {
		t.Fatalf("%d bytes", len(h.slots[slot]))
	}
}
