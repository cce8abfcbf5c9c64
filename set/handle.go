package set

import "fmt"

// Handle names a socket of one set: an index and the generation of its place. The zero Handle names nothing. A handle
// whose socket was removed never names another one: places are reused, generations are not.
type Handle struct {
	index uint32 // place in the table
	gen   uint32 // never zero for a handle that was given out
}

// IsZero reports whether h is the zero Handle, which names nothing.
func (h Handle) IsZero() bool { return h == Handle{} }

// String gives h in the form "index.generation", for logs.
func (h Handle) String() string { return fmt.Sprintf("%d.%d", h.index, h.gen) }

// table gives out handles for pointers. Every operation is O(1).
type table[E any] struct {
	slots   []slot[E]
	free    []uint32 // indices of empty slots, last freed first
	retired int      // empty slots that are not used again
	max     int      // bound on live entries
}

type slot[E any] struct {
	entry *E
	gen   uint32 // generation of the entry in it, or of the last one
}

// full reports whether insert would refuse.
func (t *table[E]) full() bool { return t.len() >= t.max }

func (t *table[E]) len() int { return len(t.slots) - len(t.free) - t.retired }

// insert gives e a handle, or refuses when the table is full.
func (t *table[E]) insert(e *E) (Handle, bool) {
	if t.full() {
		return Handle{}, false
	}
	if n := len(t.free); n > 0 {
		i := t.free[n-1]
		t.free = t.free[:n-1]
		t.slots[i].entry = e
		t.slots[i].gen++
		return Handle{i, t.slots[i].gen}, true
	}
	t.slots = append(t.slots, slot[E]{entry: e, gen: 1})
	return Handle{uint32(len(t.slots) - 1), 1}, true
}

// get gives the entry that h names, if it still names one.
func (t *table[E]) get(h Handle) (*E, bool) {
	if int(h.index) >= len(t.slots) {
		return nil, false
	}
	s := &t.slots[h.index]
	if s.gen != h.gen || s.entry == nil {
		return nil, false
	}
	return s.entry, true
}

// remove makes h name nothing and gives the entry that it named.
func (t *table[E]) remove(h Handle) (*E, bool) {
	e, ok := t.get(h)
	if !ok {
		return nil, false
	}
	t.slots[h.index].entry = nil
	// A slot whose generations are used up is retired rather than reused: no handle ever comes back to life.
	if t.slots[h.index].gen != ^uint32(0) {
		t.free = append(t.free, h.index)
	} else {
		t.retired++
	}
	return e, true
}
