package set

import "smoltls/tcp"

// timeline is a list of entries under one common timeout: they join at its end, so the first is always due first.
// Joining, leaving and asking for the earliest deadline are O(1). An entry stands in one timeline at most.
type timeline struct {
	first, last *tlsEntry
	n           int
	id          lineID
}

// lineID names a timeline in an entry, for less than a pointer; zero is none.
type lineID uint8

const (
	lineHandshakes lineID = 1 + iota
	lineLingering
)

// add puts e at the end, due at deadline, which is not before that of any entry in it.
func (t *timeline) add(e *tlsEntry, deadline tcp.Instant) {
	w := e.onItsWay()
	w.deadline, e.line = deadline, t.id
	w.prev, w.next = t.last, nil
	if t.last != nil {
		t.last.way.next = e
	} else {
		t.first = e
	}
	t.last = e
	t.n++
}

// remove takes e out, wherever it stands; nothing happens when e is not in t.
func (t *timeline) remove(e *tlsEntry) {
	if e.line != t.id {
		return
	}
	w := e.way
	if w.prev != nil {
		w.prev.way.next = w.next
	} else {
		t.first = w.next
	}
	if w.next != nil {
		w.next.way.prev = w.prev
	} else {
		t.last = w.prev
	}
	w.prev, w.next, e.line = nil, nil, 0
	t.n--
	e.arrive()
}

// deadline is the earliest, or [tcp.Never].
func (t *timeline) deadline() tcp.Instant {
	if t.first == nil {
		return tcp.Never
	}
	return t.first.way.deadline
}
