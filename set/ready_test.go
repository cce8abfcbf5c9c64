package set

import "testing"

func TestReadyListGivesHandlesInOrderAndKeepsItsMemory(t *testing.T) {
	var r readyList
	if _, ok := r.pop(); ok {
		t.Fatal("an empty list gave a handle")
	}
	round := func() {
		for i := range uint32(100) {
			r.push(Handle{i, 1})
		}
		for i := range uint32(100) {
			h, ok := r.pop()
			if !ok || h.index != i {
				t.Fatalf("pop %d: %v %v", i, h, ok)
			}
		}
		if _, ok := r.pop(); ok || r.len() != 0 {
			t.Fatal("list not empty")
		}
	}
	round()
	if n := testing.AllocsPerRun(10, round); n != 0 {
		t.Fatalf("%v allocations in steady state", n)
	}
}
