package iface

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestAnAddressComesAndGoesWithItsNetworkAndConnections(t *testing.T) {
	a := newLateRig(t)
	peer := netip.MustParseAddrPort("198.51.100.9:80")
	c := &Conn{}
	if err := a.Connect(c, a, peer, nil); !errors.Is(err, ErrNoRoute) {
		t.Fatalf("without an address: %v", err)
	}
	if err := a.AddAddr(a.now, AddrConfig{Prefix: given}); err != nil || a.AddrState(given.Addr()) != AddrPreferred {
		t.Fatalf("%v, %v", err, a.Addrs())
	}
	if err := a.Connect(c, a, peer, nil); err != nil {
		t.Fatal(err)
	}
	u, _ := a.openUDP(t, "198.51.100.7:9", PacketConfig{})
	if !a.isBroadcast(netip.MustParseAddr("198.51.100.255")) {
		t.Error("the network has no broadcast address")
	}
	if err := a.RemoveAddr(given.Addr()); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(c.Err(), ErrAddrGone) || c.State() != tcp.StateClosed {
		t.Errorf("%v, %v", c.Err(), c.State())
	}
	if _, _, err := u.Peek(); !errors.Is(err, ErrAddrGone) {
		t.Error(err)
	}
	if len(a.Routes()) != 0 || len(a.Addrs()) != 0 || a.isBroadcast(netip.MustParseAddr("198.51.100.255")) || a.AddrState(given.Addr()) != AddrGone {
		t.Errorf("%v, %v", a.Routes(), a.Addrs())
	}
	if err := a.RemoveAddr(given.Addr()); !errors.Is(err, ErrNotOurs) {
		t.Error(err)
	}
	if err := a.Connect(&Conn{}, a, peer, nil); !errors.Is(err, ErrNoRoute) {
		t.Error(err)
	}
}

func TestAnAddressThatIsGivenForATime(t *testing.T) {
	a := newLateRig(t)
	for _, seconds := range []time.Duration{10, 20} { // the second one extends the first
		if err := a.AddAddr(a.now, AddrConfig{Prefix: given, ValidUntil: a.now.Add(seconds * time.Second)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := a.Addrs(); len(got) != 1 || !got[0].ValidUntil.Equal(a.now.Add(20*time.Second)) || got[0].Auto {
		t.Fatalf("%+v", got)
	}
	wider := netip.PrefixFrom(given.Addr(), 16)
	if err := a.AddAddr(a.now, AddrConfig{Prefix: wider, ValidUntil: a.now.Add(5 * time.Second)}); err != nil {
		t.Fatal(err)
	}
	if r := a.Routes(); len(r) != 1 || r[0].Prefix != wider.Masked() || !a.isBroadcast(netip.MustParseAddr("198.51.255.255")) || a.isBroadcast(netip.MustParseAddr("198.51.100.255")) {
		t.Errorf("%v", r)
	}
	a.poll()
	if at := a.PollAt(a.now); !at.Equal(a.now.Add(5 * time.Second)) {
		t.Errorf("%v", at)
	}
	a.now = a.now.Add(5 * time.Second)
	a.poll()
	if a.AddrState(given.Addr()) != AddrGone || len(a.Routes()) != 0 {
		t.Errorf("%v, %v", a.Addrs(), a.Routes())
	}
}

func TestTwoAddressesInOneNetworkShareIt(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	other := netip.MustParsePrefix("192.0.2.77/24")
	if err := r.AddAddr(r.now, AddrConfig{Prefix: other}); err != nil {
		t.Fatal(err)
	}
	if err := r.RemoveAddr(other.Addr()); err != nil {
		t.Fatal(err)
	}
	if hop, ok := r.nextHop(peer4); !ok || hop != peer4 || !r.isBroadcast(netip.MustParseAddr("192.0.2.255")) {
		t.Errorf("%v, %v", hop, ok)
	}
	r.put(r.arpFrom(arpRequest, peer4, other.Addr()))
	r.nothing()
	r.put(r.arpFrom(arpRequest, peer4, our4))
	if p := r.take(); p == nil || p.Layer(layers.LayerTypeARP) == nil {
		t.Errorf("%v", p)
	}
}

func TestAddressesThatCanNotBe(t *testing.T) {
	a := newLateRig(t)
	for _, p := range []string{"0.0.0.0/0", "224.0.0.1/4", "::/0"} {
		if err := a.AddAddr(a.now, AddrConfig{Prefix: netip.MustParsePrefix(p)}); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", p, err)
		}
	}
	if err := a.AddAddr(a.now, AddrConfig{}); !errors.Is(err, ErrConfig) || len(a.Addrs()) != 0 {
		t.Errorf("%v", err)
	}
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	if _, err := New(Config{Device: dev}); !errors.Is(err, ErrConfig) {
		t.Errorf("without addresses, and without saying so: %v", err)
	}
}

func TestAnAddressThatIsGivenIsPreferredThoughItWasFormed(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.offer(netA, 7200, 10)
	a.sleep(20 * time.Second)
	if a.state(netA) != AddrDeprecated {
		t.Fatal(a.state(netA))
	}
	var own netip.Prefix
	for _, x := range a.Addrs() {
		if x.Prefix.Masked() == netA {
			own = x.Prefix
		}
	}
	if err := a.AddAddr(a.now, AddrConfig{Prefix: own}); err != nil {
		t.Fatal(err)
	}
	a.poll()
	if a.state(netA) != AddrPreferred {
		t.Fatal(a.state(netA))
	}
	a.sleep(3 * time.Hour)
	if a.state(netA) != AddrPreferred {
		t.Fatal(a.state(netA))
	}
}

func TestConnectionsOfAnAddressThatHasGoneAreForgotten(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumIP, phy.MediumEthernet} {
		p := newPair(t, m)
		c, _ := p.connect("192.0.2.2:80", nil)
		d, _ := p.connect("192.0.2.2:81", nil)
		e := &Conn{} // waits for its neighbour
		if err := p.a.Connect(e, p.a, netip.MustParseAddrPort("192.0.2.77:80"), nil); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			p.poll()
		}
		d.TryWrite([]byte("x")) // awake
		p.a.Release(d)
		if err := p.a.RemoveAddr(c.LocalAddr().Addr()); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			p.poll()
		}
		st := p.a.Stats()
		if c.State() != tcp.StateClosed || st.Conns != 0 || len(p.a.timers.h) != 0 || p.a.orphans != 0 {
			t.Errorf("%v: %v, %d known, %d timers, %d orphans", m, c.State(), st.Conns, len(p.a.timers.h), p.a.orphans)
		}
	}
}
