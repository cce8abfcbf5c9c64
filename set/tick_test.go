package set

import (
	"testing"
	"time"
)

// What begins a day after the last poll has all of its time: a handshake its timeout, a removed socket its linger.
func TestTickKeepsTimeoutsFromStartingInThePast(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	l := w.listen(ListenConfig{})
	w.poll()
	w.now = w.now.Add(24 * time.Hour)
	Tick(w.now, w.a, w.sa)
	Tick(w.now, w.b, nil)
	h, err := w.sa.Connect(port1, w.clientConfig())
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	c, _ := w.sa.Get(h)
	if !c.Engine().HandshakeComplete() {
		t.Fatalf("%v, %v", c.State(), c.Err())
	}
	if _, ok := w.sb.Accept(l); !ok {
		t.Fatal("nothing to accept")
	}
	w.sleep(time.Hour)
	w.now = w.now.Add(24 * time.Hour)
	Tick(w.now, w.a, w.sa)
	c.TryWrite(make([]byte, 1000))
	c.Close()
	w.sa.Remove(h)
	if err := Poll(w.now, w.a, nil, w.sa); err != nil {
		t.Fatal(err)
	}
	if w.sa.Lingering() != 1 {
		t.Error("it has not had its time to linger")
	}
	w.poll()
	if w.sa.Lingering() != 0 {
		t.Error("it lingers though the peer has everything")
	}
}
