package iface

import (
	"net/netip"
	"testing"

	"smoltls/phy"
)

func TestHasWorkTellsOfWhatWasDoneWithSockets(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, _ := p.connect("192.0.2.2:80", nil)
	if p.a.HasWork() {
		t.Error("there is work though all is still")
	}
	c.TryWrite([]byte("x"))
	if !p.a.HasWork() {
		t.Error("something was written")
	}
	p.poll()
	if p.a.HasWork() {
		t.Error("it has been sent")
	}
	var u UDPSocket
	if err := p.a.OpenUDP(&u, nobody{}, netip.MustParseAddrPort("192.0.2.1:0"), PacketConfig{}); err != nil {
		t.Fatal(err)
	}
	u.TrySendTo([]byte("x"), Meta{Remote: netip.MustParseAddrPort("192.0.2.2:9")})
	if !p.a.HasWork() {
		t.Error("a datagram waits")
	}
	p.poll()
	u.TrySendTo([]byte("x"), Meta{Remote: netip.MustParseAddrPort("192.0.2.1:9")})
	p.a.Egress(p.now, 10)
	if !p.a.HasWork() {
		t.Error("a datagram to ourselves is on its way")
	}
}

// While the device takes nothing there is nothing to do: it wakes who waits.
func TestHasWorkNeedsADeviceThatTakesFrames(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, _ := p.connect("192.0.2.2:80", nil)
	p.a.Egress(p.now, 1)
	c.TryWrite([]byte("x"))
	p.a.blocked = true
	if p.a.HasWork() {
		t.Error("the device takes nothing")
	}
}

type nobody struct{}

func (nobody) PacketEvent() {}
