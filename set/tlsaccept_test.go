package set

import (
	"errors"
	"testing"
	"time"

	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestAcceptBacklogHoldsNewHandshakesBack(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{AcceptBacklog: 2})
	l := w.listen(ListenConfig{})
	var cs []*tlssock.Socket
	for range 5 {
		h, err := w.sa.Connect(port1, w.clientConfig())
		if err != nil {
			t.Fatal(err)
		}
		w.sleep(10 * time.Millisecond)
		c, _ := w.sa.Get(h)
		cs = append(cs, c)
	}
	done := 0
	for _, c := range cs {
		if c.State() == tlssock.StateEstablished {
			done++
		}
	}
	if done != 2 {
		t.Fatalf("%d handshakes done with room for 2", done)
	}
	accepted := 0
	for range 5 {
		if _, ok := w.sb.Accept(l); ok {
			accepted++
		}
		w.sleep(10 * time.Millisecond)
	}
	if accepted != 5 {
		t.Fatalf("%d accepted", accepted)
	}
}

func TestRemovedListenerResetsWhatWaits(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{})
	l := w.listen(ListenConfig{})
	h, _ := w.sa.Connect(port1, w.clientConfig())
	w.poll()
	if !w.sb.RemoveListener(l) || w.sb.RemoveListener(l) {
		t.Fatal("RemoveListener")
	}
	w.poll()
	c, _ := w.sa.Get(h)
	if !errors.Is(c.Err(), tcp.ErrReset) {
		t.Fatalf("%v", c.Err())
	}
	if n := w.b.Stats().Conns; n != 0 {
		t.Fatalf("%d connections left", n)
	}
}
func TestHandshakesBeyondTheBoundWaitTheirTurn(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{Handshakes: 2, HandshakeTimeout: 5 * time.Second})
	l := w.listen(ListenConfig{})
	tcps := NewTCP(w.a, Limits{})
	for range 2 { // two silent ones take both places
		if _, err := tcps.Connect(port1, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.poll()
	h, err := w.sa.Connect(port1, w.clientConfig())
	if err != nil {
		t.Fatal(err)
	}
	w.sleep(time.Second)
	c, _ := w.sa.Get(h)
	if c.State() != tlssock.StateHandshaking {
		t.Fatalf("%v %v", c.State(), c.Err())
	}
	w.sleep(6 * time.Second)
	if _, ok := w.sb.Accept(l); !ok || c.State() != tlssock.StateEstablished {
		t.Fatalf("its turn has come, but: %v %v", c.State(), c.Err())
	}
	full := newTLSWorld(t, Limits{Handshakes: 1}, Limits{})
	full.sa.Connect(port1, full.clientConfig())
	if _, err := full.sa.Connect(port1, full.clientConfig()); !errors.Is(err, ErrHandshakesFull) {
		t.Fatal(err)
	}
}
