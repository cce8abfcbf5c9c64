package set

import (
	"errors"
	"net/netip"
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

func TestAHandshakeThatIsRemovedMakesRoomForOneThatWaits(t *testing.T) {
	w := newTLSWorld(t, Limits{}, Limits{Handshakes: 1, HandshakeTimeout: -1})
	l := w.listen(ListenConfig{})
	silent, silentPort := NewTCP(w.a, Limits{}), netip.AddrPortFrom(addrA, 443)
	if _, err := silent.Listen(silentPort, tcp.ListenConfig{}); err != nil {
		t.Fatal(err)
	}
	own, err := w.sb.Connect(silentPort, w.clientConfig())
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	h, err := w.sa.Connect(port1, w.clientConfig())
	if err != nil {
		t.Fatal(err)
	}
	w.sleep(time.Second)
	c, _ := w.sa.Get(h)
	if c.State() != tlssock.StateHandshaking {
		t.Fatalf("with no room for it: %v %v", c.State(), c.Err())
	}
	w.sb.Remove(own)
	w.poll()
	if _, ok := w.sb.Accept(l); !ok || c.State() != tlssock.StateEstablished {
		t.Fatalf("with room for it: %v %v", c.State(), c.Err())
	}
}

func TestAListenerThatIsRemovedMakesRoomUnderAnother(t *testing.T) {
	w, first, early := newFarWorld(t, ListenConfig{AcceptEarly: true})
	w.sb.limits.Handshakes = 1
	port2 := netip.AddrPortFrom(addrB, 444)
	second, err := w.sb.Listen(port2, ListenConfig{TLS: w.serverConfig()})
	if err != nil {
		t.Fatal(err)
	}
	one, err := w.sa.Connect(port1, early)
	if err != nil {
		t.Fatal(err)
	}
	other, err := w.sa.Connect(port2, w.clientConfig())
	if err != nil {
		t.Fatal(err)
	}
	c, _ := w.sa.Get(one)
	for range 200 {
		w.sleep(time.Millisecond)
		if n, _ := c.TryWriteEarly([]byte("early")); n > 0 {
			break
		}
	}
	w.sleep(oneWay + oneWay/2) // its early data is there, its Finished is not
	if w.sb.handshaking.n != 1 || len(w.sb.blocked) != 2 {
		t.Fatalf("%d handshakes, %d listeners wait", w.sb.handshaking.n, len(w.sb.blocked))
	}
	w.sb.RemoveListener(first)
	w.sleep(time.Second)
	if _, ok := w.sb.Accept(second); !ok {
		c, _ := w.sa.Get(other)
		t.Fatalf("nobody to accept: %v %v", c.State(), c.Err())
	}
}
