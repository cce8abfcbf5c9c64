package iface

import (
	"net/netip"
	"testing"
	"time"
)

var far = netip.MustParseAddr("2001:db8:ffff::1")

func (a *autoRig) goesBy(want netip.Addr) {
	a.t.Helper()
	if hop, ok := a.nextHop(far); hop != want || ok != want.IsValid() {
		a.t.Fatalf("goes by %v, wanted %v", hop, want)
	}
}

func TestTheMostPreferredRouterIsUsedForItsLifetime_RFC4191_3(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.goesBy(netip.Addr{})
	a.advertiseRouter(router1, adv{lifetime: 100})
	a.goesBy(router1)
	t.Log("# of equals the first; a reserved preference is a medium one (RFC 4191 §2.2)")
	a.advertiseRouter(router2, adv{lifetime: 200, flags: 2 << 3})
	a.goesBy(router1)
	a.advertiseRouter(router2, adv{lifetime: 200, flags: 1 << 3})
	a.goesBy(router2)
	a.advertiseRouter(router2, adv{lifetime: 200, flags: 3 << 3})
	a.goesBy(router1)
	a.sleep(101 * time.Second)
	a.goesBy(router2)
	t.Log("# a lifetime of 0 says that it is a default router no more (RFC 4861 §6.3.4)")
	a.advertiseRouter(router2, adv{})
	a.goesBy(netip.Addr{})
}

func TestWhoSaysThatItIsNoRouterIsNone_RFC4861_7_2_5(t *testing.T) {
	a := newAutoRig(t, nil)
	own := a.up()
	a.advertiseRouter(router1, adv{lifetime: 100, options: [][]byte{macOption(optSourceLinkAddr, routerMAC)}})
	a.put(a.advertise(router1, own, flagRouter|flagSolicited|flagOverride, routerMAC[:]))
	a.goesBy(router1)
	a.put(a.advertise(router1, own, flagSolicited|flagOverride, routerMAC[:]))
	a.goesBy(netip.Addr{})
}

func TestARouterThatDoesNotAnswerGivesWay(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.advertiseRouter(router1, adv{lifetime: 9000, flags: 1 << 3})
	a.advertiseRouter(router2, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagOnLink|flagAutonomous, 9000, 9000)}})
	a.sleep(3 * time.Second)
	a.connectTo(netip.AddrPortFrom(far, 80))
	a.goesBy(router1)
	a.sleep(5 * time.Second)
	a.goesBy(router2)
	t.Log("# and is forgotten with its lifetime")
	a.advertiseRouter(router1, adv{})
	if len(a.deadRouters) != 0 {
		t.Fatal("still among the dead")
	}
}

func TestWhatIsOnTheLinkIsWhatRoutersSay_RFC4861_6_3_4(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	in := netip.MustParseAddr("2001:db8:a::77")
	hop := func(want netip.Addr) {
		t.Helper()
		if got, _ := a.nextHop(in); got != want {
			t.Fatalf("goes by %v, wanted %v", got, want)
		}
	}
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagAutonomous, 9000, 9000)}})
	hop(router1) // an address in a network does not say that the network is on the link (RFC 5942 §4)
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagOnLink, 100, 0)}})
	hop(in)
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, 0, 0, 0)}}) // says nothing
	hop(in)
	a.sleep(101 * time.Second)
	hop(router1)
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagOnLink, 100, 0)}})
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagOnLink, 0, 0)}})
	hop(router1)
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(linkLocalNetwork, flagOnLink|flagAutonomous, 0, 0)}})
	if got, _ := a.nextHop(router2); got != router2 {
		t.Fatal("link-local addresses are not on the link any more (RFC 4861 §6.3.4)")
	}
}

func TestRoutersAndNetworksAreBounded(t *testing.T) {
	a := newAutoRig(t, func(c *Config) { c.Limits = Limits{Routers: 3, Prefixes: 4, AutoAddrs: 5} })
	a.up()
	nth := func(k int) netip.Addr { return netip.AddrFrom16([16]byte{0: 0xfe, 1: 0x80, 14: byte(k), 15: 9}) }
	for k := range 3 {
		a.advertiseRouter(nth(k), adv{lifetime: 9000})
	}
	a.dropped(DropAutoconfFull, func() { a.advertiseRouter(nth(3), adv{lifetime: 9000}) })
	a.advertiseRouter(nth(4), adv{lifetime: 9000, flags: 1 << 3}) // better than one that is there
	if len(a.routers) != 3 {
		t.Fatalf("%d routers", len(a.routers))
	}
	a.goesBy(nth(4))
	for k := range 20 {
		p := netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0x20, 1: 1, 7: byte(k)}), 64)
		add := func() {
			a.advertiseRouter(nth(4), adv{lifetime: 9000, flags: 1 << 3, options: [][]byte{prefixOption(p, flagOnLink|flagAutonomous, 9000, 9000)}})
		}
		if k >= 4 {
			a.dropped(DropAutoconfFull, add)
		} else {
			add()
		}
	}
	if len(a.onLink) != 4 || len(a.Interface.addrs) != 1+5 {
		t.Fatalf("%d networks, %d addresses", len(a.onLink), len(a.Interface.addrs))
	}
}

func TestManyAdvertisementsMakeTheRoutesAnewOnce(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	before := a.neighbors.get(peer6)
	for k := range 50 {
		f := a.icmp6(router1, allNodes, ndpHops, adv{lifetime: uint16(k % 2)}.bytes())
		copy(a.wire.Buffer(len(f)), f)
		a.wire.Send(a.now, len(f))
	}
	a.Ingress(a.now, 50)
	if before.gone || !a.routesStale {
		t.Fatal("made anew in the middle of it")
	}
	a.Egress(a.now, 50)
	if !before.gone || a.routesStale {
		t.Fatal("not made anew")
	}
}

func TestWhoDoesNotOverrideSaysNothingOfRouters_RFC4861_7_2_5(t *testing.T) {
	a := newAutoRig(t, nil)
	own := a.up()
	a.advertiseRouter(router1, adv{lifetime: 100, options: [][]byte{macOption(optSourceLinkAddr, routerMAC)}})
	a.put(a.advertise(router1, own, 0, []byte{2, 0, 0, 0, 0, 0x66}))
	a.goesBy(router1)
	a.put(a.advertise(router1, own, 0, routerMAC[:]))
	a.goesBy(netip.Addr{})
}

func TestRoutersThatSayOneThingAndAnotherCostLittle(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{macOption(optSourceLinkAddr, routerMAC)}})
	anew, was := 0, a.neighbors.m[router1]
	const turns, every = 2000, 100 * time.Microsecond
	for k := range turns {
		a.advertiseRouter(router2, adv{lifetime: 9000, flags: uint8(k&1) << 3})
		if is := a.neighbors.m[router1]; is != was {
			anew, was = anew+1, is
		}
		if at := a.PollAt(a.now); a.routesStale && (at.IsZero() || at.After(a.now.Add(rerouteLater))) {
			t.Fatalf("what is stale is forgotten: %v", at)
		}
		a.now = a.now.Add(every)
	}
	if most := reroutesPerSecond/10 + int(turns*every*reroutesPerSecond/time.Second) + 1; anew > most || anew < most/2 {
		t.Errorf("the table was made anew %d times of %d, %d were to be expected", anew, turns, most)
	}
	a.now = a.now.Add(rerouteLater)
	a.poll()
	a.goesBy(router2)
}
