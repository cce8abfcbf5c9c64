package set

import "testing"

func TestHasWorkSeesTheInterfaceAndTheSets(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	l := w.listen(ListenConfig{})
	if HasWork(w.a, nil, w.sa) {
		t.Error("there is work though nothing was done")
	}
	if _, err := w.sa.Connect(port1, w.clientConfig()); err != nil {
		t.Fatal(err)
	}
	if !HasWork(w.a, nil, w.sa) || !HasWork(w.a, nil, nil) {
		t.Error("a SYN waits")
	}
	w.poll()
	if HasWork(w.a, nil, w.sa) || HasWork(w.b, nil, w.sb) {
		t.Error("there is work though all is still")
	}
	h, _ := w.sb.Accept(l)
	e, _ := w.sb.sockets.get(h)
	e.ConnEvent(&e.conn)
	if !HasWork(w.b, nil, w.sb) || HasWork(w.b, nil, nil) {
		t.Error("a socket is to be advanced")
	}
}
