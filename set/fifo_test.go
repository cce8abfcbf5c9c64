package set

import "testing"

func TestFIFOGivesBackInOrderAndKeepsItsMemory(t *testing.T) {
	var q fifo[Handle]
	if _, ok := q.pop(); ok {
		t.Fatal("an empty queue gave a handle")
	}
	round := func() {
		for i := range uint32(100) {
			q.push(Handle{i, 1})
		}
		for i := range uint32(100) {
			h, ok := q.pop()
			if !ok || h.index != i {
				t.Fatalf("pop %d: %v %v", i, h, ok)
			}
		}
		if _, ok := q.pop(); ok || q.len() != 0 {
			t.Fatal("queue not empty")
		}
	}
	round()
	if n := testing.AllocsPerRun(10, round); n != 0 {
		t.Fatalf("%v allocations in steady state", n)
	}
}

// A program that takes a few at a time may never find the queue empty.
func TestFIFOThatIsNeverEmptyStaysSmall(t *testing.T) {
	var q fifo[*int]
	next := 0
	push := func() { v := next; next++; q.push(&v) }
	for range 5 {
		push()
	}
	for want := range 100_000 {
		push()
		if v, ok := q.pop(); !ok || *v != want {
			t.Fatalf("took %v, want %d", v, want)
		}
	}
	if c := cap(q.items); c > 16 {
		t.Fatalf("room for %d, and never more than six waited", c)
	}
	for i, v := range q.items[:cap(q.items)] {
		if waits := i >= q.head && i < len(q.items); (v != nil) != waits {
			t.Fatalf("place %d holds %v, waiting: %v", i, v, waits)
		}
	}
}

// To look for what is over costs as much as there is: a queue in which little is over grows, rather than being looked
// through with every push.
func TestFIFOIsPrunedSeldom(t *testing.T) {
	var q fifo[int]
	looked := 0
	for i := range 100_000 {
		q.prune(func(v int) bool { looked++; return v%10 == 0 })
		q.push(i)
	}
	if looked > 400_000 {
		t.Errorf("looked at %d for 100,000", looked)
	}
	for last := -1; q.len() > 0; {
		v, _ := q.pop()
		if v <= last {
			t.Fatalf("%d after %d", v, last)
		}
		last = v
	}
}
