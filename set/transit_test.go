package set

import "testing"

func TestATransitIsThereWhileItIsNeeded(t *testing.T) {
	s := &TLSSocketSet{}
	line := timeline{id: lineHandshakes}
	e := &tlsEntry{set: s}
	if e.listener() != nil {
		t.Fatal("a listener of nothing")
	}
	e.accepted()
	l := &tlsListener{}
	e.onItsWay().listener = l
	line.add(e, 5)
	line.remove(e)
	if e.listener() != l {
		t.Fatal("the listener is lost")
	}
	line.add(e, 6)
	e.accepted()
	if e.way == nil || e.listener() != nil || line.deadline() != 6 {
		t.Fatal("the deadline is lost")
	}
	way := e.way
	line.remove(e)
	if e.way != nil || len(s.transits) != 1 {
		t.Fatal("an entry that has arrived keeps its transit")
	}
	if other := (&tlsEntry{set: s}); other.onItsWay() != way || *way != (transit{}) {
		t.Error("it is not lent again, or not empty")
	}
}

func TestSetsKeepFewTransits(t *testing.T) {
	s := &TLSSocketSet{}
	es := make([]tlsEntry, keepTransits+5)
	for i := range es {
		es[i].set = s
		es[i].onItsWay()
	}
	for i := range es {
		es[i].arrive()
	}
	if len(s.transits) != keepTransits {
		t.Errorf("%d are kept", len(s.transits))
	}
}

// What opens and closes, by Connect and Accept, leaves nothing on its way behind.
func TestOpenSocketsAreOnNoWay(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	w.sockets(w.connect(w.listen(ListenConfig{}), nil))
	for _, s := range []*TLSSocketSet{w.sa, w.sb} {
		for _, slot := range s.sockets.slots {
			if slot.entry != nil && slot.entry.way != nil {
				t.Error("an open socket has a transit")
			}
		}
		if len(s.transits) == 0 {
			t.Error("none was given back")
		}
	}
}
