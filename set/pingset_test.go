package set

import (
	"net/netip"
	"testing"

	"smoltls/iface"
)

func TestPingSetHearsTheEcho(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	s := NewPing(w.a, Limits{})
	h, err := s.Open(0, iface.PacketConfig{})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := s.Get(h)
	if err := p.TrySend(9, []byte("echo"), iface.Meta{Remote: netip.AddrPortFrom(addrB, 0)}); err != nil {
		t.Fatal(err)
	}
	w.poll()
	for r := range s.Ready() {
		if r != h {
			t.Errorf("%v has news", r)
		}
	}
	if got, m, err := p.Peek(); string(got) != "echo" || m.Remote != netip.AddrPortFrom(addrB, 9) {
		t.Errorf("%q from %v, %v", got, m.Remote, err)
	}
}
