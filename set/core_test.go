package set

import "testing"

type testEntry struct{ place }

func TestCoreTellsOnceAndOnlyOfThoseWithAHandle(t *testing.T) {
	var c core[testEntry, *testEntry]
	c.init(2)
	e, nobody := &testEntry{}, &testEntry{}
	h, ok := c.insert(e)
	if !ok || e.handle != h || c.Len() != 1 {
		t.Fatal("insert")
	}
	c.tell(nobody)
	c.tell(e)
	c.tell(e)
	n := 0
	for got := range c.Ready() {
		if got != h {
			t.Fatalf("told of %v", got)
		}
		n++
	}
	if n != 1 {
		t.Fatalf("told %d times", n)
	}
	t.Log("# an entry that was removed is not told of, and does not come back under its old handle")
	c.tell(e)
	if _, ok := c.remove(h); !ok || !e.handle.IsZero() {
		t.Fatal("remove")
	}
	again, _ := c.insert(&testEntry{})
	if again == h {
		t.Fatal("an old handle came back")
	}
	for got := range c.Ready() {
		t.Fatalf("told of %v", got)
	}
}

func TestReadyAllocatesNothing(t *testing.T) {
	var c core[testEntry, *testEntry]
	c.init(1)
	e := &testEntry{}
	c.insert(e)
	round := func() {
		c.tell(e)
		for range c.Ready() {
		}
	}
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

// A program may look at its sockets by other means, and never ask which are ready.
func TestNewsOfRemovedSocketsTakesNoRoom(t *testing.T) {
	var c core[testEntry, *testEntry]
	c.init(1 << 20)
	var live []Handle
	for i := range 100_000 {
		e := &testEntry{}
		h, _ := c.insert(e)
		c.tell(e)
		if i%1000 == 0 {
			live = append(live, h)
		} else {
			c.remove(h)
		}
	}
	if n := cap(c.ready.items); n > 4*len(live) {
		t.Errorf("room for %d, with news of %d", n, len(live))
	}
	for got := range c.Ready() {
		if len(live) == 0 || got != live[0] {
			t.Fatalf("told of %v", got)
		}
		live = live[1:]
	}
	if len(live) != 0 {
		t.Errorf("not told of %v", live)
	}
}
