package iface

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestRoutesAreFoundByTheirLongestPrefix(t *testing.T) {
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	addr := netip.MustParseAddr
	i, err := New(Config{
		Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64")},
		Gateway: addr("192.0.2.254"),
		Routes: []Route{
			{netip.MustParsePrefix("198.51.100.0/24"), addr("192.0.2.253")},
			{netip.MustParsePrefix("198.51.100.128/25"), addr("192.0.2.252")},
			{netip.MustParsePrefix("2001:db8:1::/48"), addr("2001:db8::ff")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for dst, want := range map[string]string{
		"192.0.2.9": "192.0.2.9", "198.51.100.1": "192.0.2.253", "198.51.100.200": "192.0.2.252", "203.0.113.1": "192.0.2.254",
		"2001:db8::9": "2001:db8::9", "2001:db8:1::9": "2001:db8::ff",
	} {
		if hop, ok := i.routes.nextHop(addr(dst)); !ok || hop != addr(want) {
			t.Errorf("%s goes to %v, want %s", dst, hop, want)
		}
	}
	if _, ok := i.routes.nextHop(addr("2001:db9::1")); ok {
		t.Error("a route where there is none")
	}
}

func TestRoutersMustBeOnTheLinkAndOfTheSameFamily(t *testing.T) {
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	addrs := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	for _, c := range []Config{
		{Device: dev, Addrs: addrs, Gateway: netip.MustParseAddr("198.51.100.1")},
		{Device: dev, Addrs: addrs, Routes: []Route{{netip.MustParsePrefix("2001:db8::/64"), netip.MustParseAddr("192.0.2.2")}}},
		{Device: dev, Addrs: addrs, Routes: []Route{{}}},
	} {
		if _, err := New(c); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestPacketsBeyondTheLinkGoToTheRouter(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.connectTo(netip.MustParseAddrPort("203.0.113.5:80"))
	r.poll()
	if a, ok := r.take().Layer(layers.LayerTypeARP).(*layers.ARP); !ok || [4]byte(a.DstProtAddress) != [4]byte{192, 0, 2, 254} {
		t.Fatal("the router was not asked for")
	}
}

func TestLinkLocalDestinationsAreOnTheLink_RFC4861_5_1(t *testing.T) {
	router := netip.MustParseAddr("fe80::1")
	for name, c := range map[string]Config{
		"of a given address":            {Addrs: []netip.Prefix{netip.PrefixFrom(our6, 64)}, Gateway: router.WithZone("eth0")},
		"of an address that came later": {AddrsLater: true},
	} {
		c.Device, _ = phy.NewPipe(phy.PipeConfig{})
		i, err := New(c)
		if err != nil {
			t.Fatal(name, err)
		}
		if c.AddrsLater && (i.AddAddr(start, AddrConfig{Prefix: netip.PrefixFrom(our6, 64)}) != nil || i.AddAddr(start, AddrConfig{Prefix: netip.PrefixFrom(peer6, 64)}) != nil) {
			t.Fatal("not taken")
		}
		if hop, ok := i.nextHop(netip.MustParseAddr("fe80::9")); !ok || hop != netip.MustParseAddr("fe80::9") {
			t.Errorf("%s: by %v", name, hop)
		}
		if err := i.AddRoute(Route{netip.MustParsePrefix("2001:db8:7::/48"), router}); err != nil {
			t.Error(name, err)
		}
		if err := i.RemoveAddr(our6); err != nil || !i.routes.onLink(router) {
			t.Errorf("%s: %v, %v", name, err, i.Routes())
		}
	}
}

func TestTheRouterOfAnAddressWithoutANetworkIsOnTheLinkByARoute(t *testing.T) {
	router := netip.MustParseAddr("10.0.0.1")
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	c := Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("10.0.0.5/32")}, Gateway: router}
	if _, err := New(c); !errors.Is(err, ErrConfig) {
		t.Fatal(err)
	}
	c.Routes = []Route{{netip.MustParsePrefix("172.16.0.0/12"), router}, {Prefix: netip.PrefixFrom(router, 32)}}
	i, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for dst, want := range map[string]netip.Addr{"10.0.0.1": router, "10.0.0.2": router, "172.16.1.1": router, "8.8.8.8": router} {
		if hop, ok := i.nextHop(netip.MustParseAddr(dst)); !ok || hop != want {
			t.Errorf("%s by %v", dst, hop)
		}
	}
}
