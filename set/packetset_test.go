package set

import (
	"errors"
	"net/netip"
	"testing"

	"smoltls/iface"
)

func TestDatagramSetsTellWhoHasNewsAndForgetWhatIsRemoved(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	ua, ub := NewUDP(w.a, Limits{}), NewUDP(w.b, Limits{Sockets: 2})
	any := netip.MustParseAddrPort("[::]:0")
	ha, err := ua.Bind(any, iface.PacketConfig{})
	if err != nil {
		t.Fatal(err)
	}
	h1, _ := ub.Bind(any, iface.PacketConfig{})
	h2, _ := ub.Bind(any, iface.PacketConfig{})
	if _, err := ub.Bind(any, iface.PacketConfig{}); !errors.Is(err, ErrSetFull) {
		t.Error(err)
	}
	a, _ := ua.Get(ha)
	b, _ := ub.Get(h2)
	remote := netip.AddrPortFrom(addrB, b.LocalAddr().Port())
	if err := a.TrySendTo([]byte("news"), iface.Meta{Remote: remote}); err != nil {
		t.Fatal(err)
	}
	w.poll()
	var told []Handle
	for h := range ub.Ready() {
		told = append(told, h)
	}
	if len(told) != 1 || told[0] != h2 {
		t.Errorf("%v has news, want %v", told, h2)
	}
	if got, _, err := b.Peek(); string(got) != "news" {
		t.Errorf("%q, %v", got, err)
	}
	if !ub.Remove(h2) || ub.Remove(h2) || ub.Len() != 1 {
		t.Error("not removed once")
	}
	if _, ok := ub.Get(h2); ok {
		t.Error("a removed handle names something")
	}
	if _, ok := ub.Get(h1); !ok {
		t.Error("the other one is gone")
	}
	a.TrySendTo([]byte("to nobody"), iface.Meta{Remote: remote})
	w.poll()
	for h := range ub.Ready() {
		t.Errorf("%v has news", h)
	}
}

func TestABindThatFailsLeavesNoHandle(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	s := NewUDP(w.a, Limits{})
	if h, err := s.Bind(netip.MustParseAddrPort("198.51.100.1:1"), iface.PacketConfig{}); !errors.Is(err, iface.ErrNotOurs) || !h.IsZero() || s.Len() != 0 {
		t.Errorf("%v, %v, %d sockets", h, err, s.Len())
	}
}
