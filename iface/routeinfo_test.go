package iface

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

// routeOption says that a network is behind the router; words is the option's length in units of 8 bytes.
func routeOption(p netip.Prefix, words, flags byte, lifetime uint32) []byte {
	b := binary.BigEndian.AppendUint32([]byte{optRouteInfo, words, byte(p.Bits()), flags}, lifetime)
	a := p.Addr().As16()
	return append(b, a[:8*(words-1)]...)
}

func TestRoutersTellOfNetworksBehindThem_RFC4191_3_1(t *testing.T) {
	a := newAutoRig(t, nil)
	own := a.up()
	behind := netip.MustParsePrefix("2001:db8:ffff::/48")
	tell := func(from netip.Addr, lifetime uint16, options ...[]byte) {
		a.advertiseRouter(from, adv{lifetime: lifetime, options: options})
	}
	tell(router1, 9000)
	tell(router2, 0, routeOption(behind, 2, 0, 100))
	a.goesBy(router2) // the longer prefix, though it is no default router
	if hop, _ := a.nextHop(netip.MustParseAddr("2001:db8:fffe::1")); hop != router1 {
		t.Fatal(hop)
	}
	t.Log("# preference, among routes to the same network")
	tell(router1, 9000, routeOption(behind, 3, 1<<3, 200))
	a.goesBy(router1)
	tell(router1, 9000, routeOption(behind, 3, 3<<3, 200))
	a.goesBy(router2)
	tell(router1, 9000, routeOption(behind, 3, 2<<3, 300)) // the reserved one: ignored
	a.sleep(101 * time.Second)
	a.goesBy(router1)
	tell(router1, 9000, routeOption(behind, 3, 0, 0))
	tell(router1, 9000, routeOption(behind, 3, 0, 0))
	if len(a.learnedRoutes) != 0 {
		t.Fatalf("%+v", a.learnedRoutes)
	}
	t.Log("# the route to everywhere stands for what the header says")
	tell(router2, 0, routeOption(netip.MustParsePrefix("::/0"), 1, 1<<3, 100))
	a.goesBy(router2)
	tell(router2, 9000, routeOption(netip.MustParsePrefix("::/0"), 1, 0, 0))
	a.goesBy(router1)
	t.Log("# who is no router has no networks behind it")
	tell(router2, 0, routeOption(behind, 2, 0, ^uint32(0)), macOption(optSourceLinkAddr, routerMAC))
	a.goesBy(router2)
	a.put(a.advertise(router2, own, flagSolicited|flagOverride, routerMAC[:]))
	a.goesBy(router1)
}

func TestRouteOptionsThatCannotBeAreIgnored_RFC4191_2_3(t *testing.T) {
	a := newAutoRig(t, func(c *Config) { c.Limits.LearnedRoutes = 2 })
	a.up()
	for name, o := range map[string][]byte{
		"longer than it is":      routeOption(netip.MustParsePrefix("2001:db8::/65"), 2, 0, 100),
		"longer than an address": append([]byte{optRouteInfo, 3, 129}, make([]byte, 21)...),
		"link-local":             routeOption(netip.MustParsePrefix("fe80::/64"), 2, 0, 100),
		"multicast":              routeOption(netip.MustParsePrefix("ff05::/64"), 2, 0, 100),
		"IPv4":                   routeOption(netip.PrefixFrom(netip.MustParseAddr("::ffff:192.0.2.0"), 120), 3, 0, 100),
	} {
		if a.advertiseRouter(router1, adv{options: [][]byte{o}}); len(a.learnedRoutes)+len(a.routers) != 0 {
			t.Errorf("%s: taken", name)
		}
	}
	for k := range 5 {
		p := netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0x20, 1: 1, 5: byte(k)}), 48)
		add := func() { a.advertiseRouter(router1, adv{options: [][]byte{routeOption(p, 2, 0, 100)}}) }
		if k < 2 {
			add()
		} else {
			a.dropped(DropAutoconfFull, add)
		}
	}
	if len(a.learnedRoutes) != 2 {
		t.Fatalf("%d routes", len(a.learnedRoutes))
	}
}

func FuzzRouteInfo(f *testing.F) {
	f.Add(routeOption(netip.MustParsePrefix("2001:db8::/48"), 2, 8, 100)[2:])
	f.Fuzz(func(t *testing.T, v []byte) {
		if p, preference, _, ok := parseRouteInfo(v); ok && (!p.IsValid() || p != p.Masked() || !p.Addr().Is6() || preference < -1 || preference > 1) {
			t.Fatalf("%v, %d", p, preference)
		}
	})
}
