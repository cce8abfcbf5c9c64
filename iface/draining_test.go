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

func TestDrainingWhileDatagramsWaitForANeighbour(t *testing.T) {
	for name, limits := range map[string]Limits{"is asked for": {}, "will be asked for": {Resolving: 1}} {
		r := newRig(t, phy.MediumEthernet, limits)
		u, _ := r.openUDP(t, "[::]:0", PacketConfig{})
		u.TrySendTo([]byte("x"), to("192.0.2.8:9"))
		u.TrySendTo([]byte("last words"), to("192.0.2.9:9"))
		r.poll()
		r.learned(r.neighbors.m[to("192.0.2.8:9").Remote.Addr()], peerMAC)
		if u.Unsent() != 0 || !r.Draining() {
			t.Errorf("a neighbour %s: %d unsent, draining %v", name, u.Unsent(), r.Draining())
		}
		for range maxSolicits + 1 {
			r.poll()
			r.now = r.now.Add(retransTimer)
		}
		if r.Draining() {
			t.Errorf("a neighbour %s, and nobody is there", name)
		}
	}
}
