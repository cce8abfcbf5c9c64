package iface

import (
	"testing"

	"smoltls/phy"
)

func TestDrainingUntilThePeerHasEverything(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, s := p.connect("192.0.2.2:80", nil)
	if p.a.Draining() {
		t.Error("nothing was released")
	}
	c.TryWrite([]byte("last words"))
	c.Close()
	p.a.Release(c)
	if !p.a.Draining() {
		t.Error("nothing has been sent")
	}
	p.poll()
	if p.a.Draining() || s.ReadBuffered() != 10 || !s.PeerClosed() {
		t.Errorf("draining: %v, arrived: %d", p.a.Draining(), s.ReadBuffered())
	}
	if p.a.Stats().Conns != 1 {
		t.Error("FIN-WAIT-2 is over")
	}
}
