package iface

import (
	"errors"
	"net/netip"
	"testing"
	"unsafe"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestConnIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(Conn{}) - unsafe.Sizeof(tcp.Socket{}); n > 96 {
		t.Errorf("%d bytes beside the socket, budget 96", n)
	}
}

func TestConnectRefusesWhatCantBeReached(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	for to, want := range map[string]error{
		"192.0.2.9:0": ErrAddress, "0.0.0.0:80": ErrAddress, "224.0.0.1:80": ErrAddress, "192.0.2.255:80": ErrAddress,
		"255.255.255.255:80": ErrAddress, "[::]:80": ErrAddress, "[2001:db9::1]:80": ErrNoRoute,
	} {
		if err := r.Connect(&Conn{}, r, netip.MustParseAddrPort(to), nil); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", to, err, want)
		}
	}
	if err := r.Connect(&Conn{}, r, netip.AddrPort{}, nil); !errors.Is(err, ErrAddress) {
		t.Errorf("%v", err)
	}
	if r.Stats().Conns != 0 {
		t.Error("a refused connection is there")
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{Conns: 3})
	for range 3 {
		r.connectTo(netip.AddrPortFrom(peer4, 80))
	}
	if err := r.Connect(&Conn{}, r, netip.AddrPortFrom(peer4, 80), nil); !errors.Is(err, ErrConnsFull) {
		t.Fatal(err)
	}
}

func TestReleasedConnectionsEndInTheBackgroundWithinABound(t *testing.T) {
	p := newPair(t, phy.MediumEthernet)
	p.a.limits.Orphans = 2
	var clients []*Conn
	for k := range 5 {
		c, _ := p.connect(netip.AddrPortFrom(netip.MustParseAddr("192.0.2.2"), uint16(1000+k)).String(), nil)
		clients = append(clients, c)
	}
	for _, c := range clients {
		c.CloseWrite()
		p.a.Release(c)
		p.a.Release(c) // twice does nothing
	}
	if p.a.orphans > 2 {
		t.Fatalf("%d orphans", p.a.orphans)
	}
	if c := clients[0]; !errors.Is(c.Err(), tcp.ErrAborted) {
		t.Fatalf("the oldest: %v", c.Err())
	}
	events := len(p.a.events)
	p.poll()
	if p.a.Stats().Conns != 2 || len(p.a.events) != events {
		t.Fatalf("%d connections", p.a.Stats().Conns)
	}
}

func TestReleaseOfAnOpenConnectionResetsIt(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, s := p.connect("192.0.2.2:80", nil)
	p.a.Release(c)
	p.poll()
	if !errors.Is(s.Err(), tcp.ErrReset) || p.a.Stats().Conns != 0 || p.a.orphans != 0 {
		t.Fatalf("%v, %d connections, %d orphans", s.Err(), p.a.Stats().Conns, p.a.orphans)
	}
}

func TestConnectOfAConnInUseIsRefused(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumIP, phy.MediumEthernet} { // with a neighbour to wait for, and without
		r := newRig(t, m, Limits{})
		c := r.connectTo(netip.AddrPortFrom(peer4, 80))
		for range 2 {
			if err := r.Connect(c, r, netip.AddrPortFrom(peer4, 81), nil); !errors.Is(err, ErrInUse) {
				t.Errorf("%v, want %v", err, ErrInUse)
			}
			r.poll()
		}
		if r.Stats().Conns != 1 || c.RemoteAddr().Port() != 80 {
			t.Errorf("%d connections, one to %v", r.Stats().Conns, c.RemoteAddr())
		}
	}
}
