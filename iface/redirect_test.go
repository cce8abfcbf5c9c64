package iface

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
)

func redirectTo(target, dst netip.Addr, options ...byte) []byte {
	m := make([]byte, redirectLen)
	m[0] = typeRedirect
	t, d := target.As16(), dst.As16()
	copy(m[8:], t[:])
	copy(m[24:], d[:])
	return append(m, options...)
}

// routedRig has two routers, of which the first is used, and an address of its own.
func routedRig(t *testing.T, l Limits) (a *autoRig, own netip.Addr) {
	a = newAutoRig(t, func(c *Config) { c.Limits = l })
	own = a.up()
	a.advertiseRouter(router1, adv{lifetime: 9000, flags: 1 << 3, options: [][]byte{macOption(optSourceLinkAddr, routerMAC), prefixOption(netA, flagAutonomous, 9000, 9000)}})
	a.advertiseRouter(router2, adv{lifetime: 9000})
	a.sleep(3 * time.Second)
	a.drain()
	a.goesBy(router1)
	return a, own
}

func TestRedirectsAreJudged_RFC4861_8_1(t *testing.T) {
	a, own := routedRig(t, Limits{})
	code := redirectTo(router2, far)
	code[1] = 1
	for name, c := range map[string]struct {
		from netip.Addr
		hops uint8
		m    []byte
		why  DropReason
	}{
		"from no link-local address": {peer6, 255, redirectTo(router2, far), DropMalformed},
		"from beyond the link":       {router1, 254, redirectTo(router2, far), DropHopLimit},
		"code":                       {router1, 255, code, DropMalformed},
		"short":                      {router1, 255, redirectTo(router2, far)[:39], DropMalformed},
		"option of length 0":         {router1, 255, redirectTo(router2, far, 2, 0, 0, 0, 0, 0, 0, 0), DropMalformed},
		"not from the router in use": {router2, 255, redirectTo(router1, far), DropRedirect},
		"for a group":                {router1, 255, redirectTo(router2, allNodes), DropMalformed},
		"target neither a router nor the address": {router1, 255, redirectTo(peer6, far), DropMalformed},
		"to ourselves":                          {router1, 255, redirectTo(own, far), DropRedirect},
		"for an address that is on the link":    {router1, 255, redirectTo(router2, netip.MustParseAddr("fe80::99")), DropRedirect},
		"for an IPv4 address in IPv6's clothes": {router1, 255, redirectTo(router2, netip.MustParseAddr("::ffff:192.0.2.7")), DropMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			a.dropped(c.why, func() { a.put(a.icmp6(c.from, own, c.hops, c.m)) })
		})
	}
	if len(a.redirects) != 0 {
		t.Fatal("followed")
	}
	a.goesBy(router1)
}

func TestARedirectIsFollowedForItsAddressAlone_RFC4861_8_3(t *testing.T) {
	a, own := routedRig(t, Limits{})
	c := a.connectTo(netip.AddrPortFrom(far, 80))
	a.poll()
	if e := a.take().Layer(layers.LayerTypeEthernet).(*layers.Ethernet); [6]byte(e.DstMAC) != routerMAC {
		t.Fatalf("to %v", e.DstMAC)
	}
	better := [6]byte{2, 0, 0, 0, 0, 0x22}
	a.put(a.icmp6(router1, own, 255, redirectTo(router2, far, append([]byte{optTargetLinkAddr, 1}, better[:]...)...)))
	a.goesBy(router2)
	if hop, _ := a.nextHop(netip.MustParseAddr("2001:db8:ffff::2")); hop != router1 || a.Stats().Redirects != 1 {
		t.Fatal(hop)
	}
	t.Log("# connections that are open go that way too")
	a.sleep(1100 * time.Millisecond)
	if e := a.take().Layer(layers.LayerTypeEthernet).(*layers.Ethernet); [6]byte(e.DstMAC) != better || c.Err() != nil {
		t.Fatalf("to %v", e.DstMAC)
	}
	t.Log("# the better hop does not answer: the redirect is forgotten (RFC 4861 §7.3.3)")
	a.sleep(time.Minute)
	a.drain()
	if len(a.redirects) != 0 {
		t.Fatal("still redirected")
	}
	t.Log("# to the address itself: it is on the link")
	hop, _ := a.nextHop(far)
	a.put(a.icmp6(hop, own, 255, redirectTo(far, far)))
	a.goesBy(far)
}

func TestRedirectsAreBounded(t *testing.T) {
	a, own := routedRig(t, Limits{Redirects: 8})
	for k := range 100 {
		dst := netip.AddrFrom16([16]byte{0: 0x20, 1: 2, 15: byte(k)})
		a.put(a.icmp6(router1, own, 255, redirectTo(router2, dst)))
		if hop, _ := a.nextHop(dst); hop != router2 {
			t.Fatal("the latest is not followed")
		}
	}
	if len(a.redirects) != 8 {
		t.Fatalf("%d redirects", len(a.redirects))
	}
}
