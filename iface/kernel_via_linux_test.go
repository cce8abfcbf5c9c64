package iface

import (
	"net/netip"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

// TestOneProgramWithTwoInterfacesAndTheKernelBehindBoth: routes choose the interface, and one loop waits for both
// devices.
func TestOneProgramWithTwoInterfacesAndTheKernelBehindBoth(t *testing.T) {
	t.Parallel()
	prefix, addr := netip.MustParsePrefix, netip.MustParseAddr
	lanDev, _ := nstest.TAP(t, prefix("192.0.2.1/24"))
	wanDev, ns := nstest.TUN(t, prefix("198.51.100.1/24"))
	if err := ns.Do(func() error { return phy.ConfigureHost("lo", prefix("203.0.113.1/32")) }); err != nil {
		t.Fatal(err)
	}
	mk := func(c Config) *station {
		i, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		return &station{i, make(map[*Conn]int)}
	}
	lan := mk(Config{Device: lanDev, Addrs: []netip.Prefix{prefix("192.0.2.2/24")}})
	wan := mk(Config{Device: wanDev, Addrs: []netip.Prefix{prefix("198.51.100.2/24")}, Gateway: addr("198.51.100.1")})
	stations := map[*Interface]*station{lan.Interface: lan, wan.Interface: wan}
	pings := map[netip.Addr]*PingSocket{}
	for _, dst := range []netip.Addr{addr("192.0.2.1"), addr("198.51.100.1"), addr("203.0.113.1")} {
		s := stations[Via(dst, lan.Interface, wan.Interface)].openPing(t, 0)
		if err := s.TrySend(1, []byte("hello"), Meta{Remote: netip.AddrPortFrom(dst, 0)}); err != nil {
			t.Fatal(err)
		}
		pings[dst] = s
	}
	for end := time.Now().Add(kernelPatience); len(pings) > 0; {
		now := time.Now()
		if now.After(end) {
			t.Fatalf("no answer from %v", pings)
		}
		until := end
		for i := range stations {
			i.Ingress(now, 100)
			i.Egress(now, 100)
			if at := i.PollAt(now); !at.IsZero() && at.Before(until) {
				until = at
			}
		}
		for dst, s := range pings {
			if _, m, err := s.Peek(); err == nil && m.Remote.Addr() == dst {
				delete(pings, dst)
			}
		}
		if len(pings) > 0 {
			if err := phy.WaitAny(until, lanDev, wanDev); err != nil {
				t.Fatal(err)
			}
		}
	}
	if lan.Stats().Delivered == 0 || wan.Stats().Delivered < 2 {
		t.Errorf("%d frames by one, %d by the other", lan.Stats().Delivered, wan.Stats().Delivered)
	}
}
