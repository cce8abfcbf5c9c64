package iface

import (
	"net/netip"
	"testing"

	"smoltls/phy"
)

func TestRoutesChooseAmongInterfaces(t *testing.T) {
	addr := netip.MustParseAddr
	mk := func(c Config) *Interface {
		c.Device, _ = phy.NewPipe(phy.PipeConfig{})
		c.Rand = zeroRand{1}
		i, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	lan := mk(Config{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64")}})
	wan := mk(Config{Addrs: []netip.Prefix{netip.MustParsePrefix("198.51.100.1/24"), netip.MustParsePrefix("2001:db8:1::1/64")}, Gateway: addr("198.51.100.254"),
		Routes: []Route{{netip.MustParsePrefix("::/0"), addr("2001:db8:1::ff")}}})
	vpn := mk(Config{Addrs: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/30")}, Routes: []Route{{netip.MustParsePrefix("203.0.113.0/24"), addr("10.0.0.2")}}})
	for dst, want := range map[string]*Interface{
		"192.0.2.9": lan, "198.51.100.9": wan, "203.0.113.1": vpn, "8.8.8.8": wan, "2001:db8::9": lan, "2001:db8:9::9": wan, "10.0.0.1": vpn, "192.0.2.1": lan,
		"::ffff:203.0.113.1": vpn,
	} {
		if got := Via(addr(dst), lan, wan, vpn); got != want {
			t.Errorf("%s goes by another interface", dst)
		}
	}
	if Via(addr("8.8.8.8"), lan, vpn) != nil || Via(addr("2001:db8::9"), vpn) != nil || Via(netip.Addr{}, lan) != nil {
		t.Error("a way where there is none")
	}
	t.Log("# what is learned counts too, and preference among equals")
	a := newAutoRig(t, nil)
	a.up()
	b := newAutoRig(t, func(c *Config) { c.StableName = "b" })
	b.up()
	offer := func(r *autoRig, flags uint8) {
		r.advertiseRouter(router1, adv{lifetime: 9000, flags: flags, options: [][]byte{prefixOption(netA, flagAutonomous, 9000, 9000)}})
		r.up()
	}
	offer(a, 0)
	offer(b, 0)
	if Via(far, a.Interface, b.Interface) != a.Interface {
		t.Error("of equals not the first")
	}
	offer(b, 1<<3)
	if Via(far, a.Interface, b.Interface) != b.Interface {
		t.Error("not the preferred router's")
	}
	b.put(b.icmp6(router1, b.linkLocal().addr(), 255, redirectTo(router2, far)))
	offer(b, 3<<3)
	if Via(far, a.Interface, b.Interface) != b.Interface {
		t.Error("a redirect is the longest prefix")
	}
}

func TestAWayByADeadRouterIsTheLastChoice(t *testing.T) {
	a, b := newAutoRig(t, nil), newAutoRig(t, func(c *Config) { c.StableName = "b" })
	for _, r := range []*autoRig{a, b} {
		r.up()
		r.advertiseRouter(router1, adv{lifetime: 9000, options: [][]byte{prefixOption(netA, flagAutonomous, 9000, 9000)}})
		r.up()
	}
	a.routes[len(a.routes)-1].dead = true
	if Via(far, a.Interface, b.Interface) != b.Interface || Via(far, b.Interface, a.Interface) != b.Interface || Via(far, a.Interface) != a.Interface {
		t.Fatal("by the dead one")
	}
}
