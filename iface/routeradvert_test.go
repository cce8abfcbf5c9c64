package iface

import (
	"net/netip"
	"testing"
	"time"

	"smoltls/phy"
)

func TestARouterAdvertisementThatCannotBeIsDropped_RFC4861_6_1_2(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	good := adv{lifetime: 9000}.bytes()
	code := append([]byte(nil), good...)
	code[1] = 1
	for name, c := range map[string]struct {
		from netip.Addr
		hops uint8
		m    []byte
		why  DropReason
	}{
		"from no link-local address": {peer6, 255, good, DropMalformed}, "from beyond the link": {router1, 254, good, DropHopLimit},
		"code": {router1, 255, code, DropMalformed}, "short": {router1, 255, good[:15], DropMalformed},
		"option of length 0": {router1, 255, append(good[:16:16], 1, 0, 0, 0, 0, 0, 0, 0), DropMalformed},
	} {
		t.Run(name, func(t *testing.T) { a.dropped(c.why, func() { a.put(a.icmp6(c.from, allNodes, c.hops, c.m)) }) })
	}
	bad := a.icmp6(router1, allNodes, 255, good)
	bad[len(bad)-1] ^= 1
	a.dropped(DropChecksum, func() { a.put(bad) })
	if len(a.routers) != 0 {
		t.Fatal("taken")
	}
	a.put(a.icmp6(router1, allNodes, 255, good))
	if len(a.routers) != 1 {
		t.Fatal("the good one was not taken")
	}
}

func TestNeighbourDiscoveryInFragmentsIsIgnored_RFC6980_5(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	m := a.icmp6(router1, allNodes, 255, adv{lifetime: 9000}.bytes())
	const at = ethernetHeaderLen + ipv6HeaderLen
	f := append(append(append([]byte(nil), m[:at]...), protoICMPv6, 0, 0, 0, 0, 0, 0, 7), m[at:]...)
	f[ethernetHeaderLen+6] = protoFragment
	f[ethernetHeaderLen+5] += 8
	a.dropped(DropFragmentedND, func() { a.put(f) })
}

func TestParametersOfTheLinkAreTaken_RFC4861_6_3_4(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	a.advertiseRouter(router1, adv{hops: 77, lifetime: 9000, reachable: 10_000, retrans: 3000, options: [][]byte{mtuOption(1400), macOption(optSourceLinkAddr, routerMAC)}})
	nd := &a.neighbors.nd
	if a.hopLimit != 77 || a.mtu6 != 1400 || nd.retrans != 3*time.Second || nd.reachable < 5*time.Second || nd.reachable > 15*time.Second {
		t.Fatalf("hop limit %d, MTU %d, %+v", a.hopLimit, a.mtu6, *nd)
	}
	if a.pathMTUTo(peer6) != 1400 || a.pathMTUTo(peer4) != 1500 {
		t.Fatal("the MTU is IPv6's")
	}
	if nb := a.neighbors.m[router1]; nb == nil || nb.mac != routerMAC || nb.expires > a.Interface.now {
		t.Fatalf("the router is not known, or believed without having been asked: %+v", nb)
	}
	t.Log("# what is not said changes nothing; what cannot be is not believed")
	before := nd.reachable
	for _, o := range []uint32{0, 1279, 1501, 1 << 31} {
		a.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{mtuOption(o)}})
		if want := 1400; o <= 1279 && a.mtu6 != want || o > 1500 && a.mtu6 != 1500 {
			t.Fatalf("said %d, now %d", o, a.mtu6)
		}
	}
	a.advertiseRouter(router1, adv{lifetime: 9000, hops: leastHopLimit - 1})
	if a.hopLimit != 77 || nd.retrans != 3*time.Second || nd.reachable != before {
		t.Fatalf("%+v", *nd)
	}
	a.advertiseRouter(router1, adv{lifetime: 9000, reachable: 1 << 31, retrans: 1})
	if nd.retrans != minRetransTimer || nd.reachable > maxReachableTime*3/2 {
		t.Fatalf("%+v", *nd)
	}
	a.advertiseRouter(router1, adv{lifetime: 9000, retrans: 1 << 31})
	if nd.retrans != maxRetransTimer {
		t.Fatalf("%+v", *nd)
	}
	t.Log("# the time for which an answer is believed is drawn anew every few hours")
	before = nd.reachable
	a.sleep(refreshReachable)
	if nd.reachable == before {
		t.Fatal("the same")
	}
}

func TestAnInterfaceThatConfiguresItselfTalks(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	mk := func(dev phy.Device, k byte) *station {
		i, err := New(Config{Device: dev, Rand: zeroRand{k}, Autoconf: true})
		if err != nil {
			t.Fatal(err)
		}
		return &station{i, make(map[*Conn]int)}
	}
	p := &pair{t, start, mk(da, 1), mk(db, 2)}
	for range 40 {
		p.poll()
		p.now = p.now.Add(100 * time.Millisecond)
	}
	to := p.b.Addrs()[0]
	if to.State != AddrPreferred {
		t.Fatalf("%+v", to)
	}
	client, server := p.connect(netip.AddrPortFrom(to.Prefix.Addr(), 80).String(), nil)
	client.TryWrite([]byte("hello"))
	p.poll()
	if server.ReadBuffered() != 5 || client.LocalAddr().Addr() != p.a.Addrs()[0].Prefix.Addr() {
		t.Fatalf("%d bytes from %v", server.ReadBuffered(), client.LocalAddr())
	}
}

// FuzzAutoconf gives a station that configures itself arbitrary messages of neighbour discovery, between them time, and
// looks after its bounds.
func FuzzAutoconf(f *testing.F) {
	f.Add(adv{hops: 3, lifetime: 100, reachable: 5, retrans: 5, options: [][]byte{prefixOption(netA, 0xc0, 100, 50), mtuOption(1300), macOption(1, routerMAC)}}.bytes(), uint16(60))
	f.Add(append(solicitation(router1), 1, 1, 2, 2, 2, 2, 2, 2), uint16(1))
	red := make([]byte, redirectLen)
	red[0] = typeRedirect
	f.Add(red, uint16(9))
	f.Fuzz(func(t *testing.T, m []byte, seconds uint16) {
		if len(m) < 8 || len(m) > 1400 {
			return
		}
		m[0] = typeRouterSolicitation + m[0]%5
		l := Limits{Routers: 2, Prefixes: 2, AutoAddrs: 2, Redirects: 2}
		a := newAutoRig(t, func(c *Config) { c.Limits = l })
		a.up()
		a.advertiseRouter(router1, adv{lifetime: 9000})
		for _, from := range []netip.Addr{router1, router2, peer6} {
			a.put(a.icmp6(from, allNodes, ndpHops, m))
			a.sleep(time.Duration(seconds) * time.Second)
			a.drain()
			if len(a.routers) > l.Routers || len(a.onLink) > l.Prefixes || len(a.Interface.addrs) > 1+l.AutoAddrs || len(a.redirects) > l.Redirects {
				t.Fatalf("%d routers, %d prefixes, %d addresses, %d redirects", len(a.routers), len(a.onLink), len(a.Interface.addrs), len(a.redirects))
			}
			if at := a.PollAt(a.now); !at.IsZero() && at.Before(a.now) {
				t.Fatalf("PollAt names the past: %v", at)
			}
		}
	})
}
