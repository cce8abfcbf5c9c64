package ours

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestIdleMemory(t *testing.T) {
	e := measure.Smoke
	e.Conns = 100 // enough that what the runtime holds for itself does not matter
	r := measure.NewReadings(2)
	if err := IdleMemory(e, r); err != nil {
		t.Fatal(err)
	}
	if v := r.Of(idleWaiting)[0]; v < 100 || v != r.Of(idleAlone)[0] {
		t.Errorf("%v bytes, %v bytes", v, r.Of(idleAlone)[0])
	}
}

func TestIdleConnectionsAreOpenAtBothEndsAndMoreThanOneListenerHolds(t *testing.T) {
	w, err := newOneSidedWire(false)
	if err != nil {
		t.Fatal(err)
	}
	const n = connsPerListener + 10
	if err := w.addIdle(0, n); err != nil {
		t.Fatal(err)
	}
	if a, b := w.client.sockets.left(), w.server.sockets.left(); a != n || b != n {
		t.Errorf("%d sockets at the client, %d at the server", a, b)
	}
}
