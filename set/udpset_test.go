package set

import (
	"net/netip"
	"testing"

	"smoltls/iface"
)

func TestUDPSetCarriesAQuestionAndItsAnswer(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	ua, ub := NewUDP(w.a, Limits{}), NewUDP(w.b, Limits{})
	hc, _ := ua.Bind(netip.MustParseAddrPort("[::]:0"), iface.PacketConfig{})
	hs, _ := ub.Bind(netip.MustParseAddrPort("[::]:53"), iface.PacketConfig{})
	client, _ := ua.Get(hc)
	server, _ := ub.Get(hs)
	if err := client.Connect(netip.AddrPortFrom(addrB, 53)); err != nil {
		t.Fatal(err)
	}
	if err := client.TrySend([]byte("question")); err != nil {
		t.Fatal(err)
	}
	w.poll()
	buf := make([]byte, 100)
	n, m, err := server.TryRecv(buf)
	if err != nil || string(buf[:n]) != "question" {
		t.Fatalf("%q, %v", buf[:n], err)
	}
	server.TrySendTo([]byte("answer"), iface.Meta{Remote: m.Remote, Local: m.Local})
	w.poll()
	if n, _, err := client.TryRecv(buf); err != nil || string(buf[:n]) != "answer" {
		t.Errorf("%q, %v", buf[:n], err)
	}
}
