package set_test

import (
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
)

// One program with two interfaces, each with its device and its sets: routes choose the one for a connection. A program
// on real devices sleeps in phy.WaitAny until the earlier of their PollAt.
func Example_interfaces() {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	station := func(dev phy.Device, addr, gateway string) (*iface.Interface, *set.TCPSocketSet) {
		c := iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}}
		if gateway != "" {
			c.Gateway = netip.MustParseAddr(gateway)
		}
		ifc, err := iface.New(c)
		if err != nil {
			panic(err)
		}
		return ifc, set.NewTCP(ifc, set.Limits{})
	}
	lanDev, printerDev := phy.NewPipe(phy.PipeConfig{})
	wanDev, routerDev := phy.NewPipe(phy.PipeConfig{})
	lan, lanSockets := station(lanDev, "192.0.2.1/24", "")
	wan, wanSockets := station(wanDev, "198.51.100.1/24", "198.51.100.254")
	sets := map[*iface.Interface]*set.TCPSocketSet{lan: lanSockets, wan: wanSockets}

	// At the other ends: a printer, and a router that is a server too.
	printer, printerSockets := station(printerDev, "192.0.2.9/24", "")
	router, routerSockets := station(routerDev, "198.51.100.254/24", "")
	printerSockets.Listen(netip.MustParseAddrPort("192.0.2.9:9100"), tcp.ListenConfig{})
	routerSockets.Listen(netip.MustParseAddrPort("198.51.100.254:80"), tcp.ListenConfig{})

	for _, to := range []string{"192.0.2.9:9100", "198.51.100.254:80", "[2001:db8::1]:80"} {
		remote := netip.MustParseAddrPort(to)
		ifc := iface.Via(remote.Addr(), lan, wan)
		if ifc == nil {
			fmt.Println("no way to", remote)
			continue
		}
		h, err := sets[ifc].Connect(remote, nil)
		if err != nil {
			panic(err)
		}
		for range 10 {
			set.Poll(now, lan, lanSockets, nil)
			set.Poll(now, wan, wanSockets, nil)
			set.Poll(now, printer, printerSockets, nil)
			set.Poll(now, router, routerSockets, nil)
		}
		s, _ := sets[ifc].Get(h)
		local, _, _ := sets[ifc].Addrs(h)
		fmt.Println("to", remote, "from", local.Addr(), s.State())
	}
	// Output:
	// to 192.0.2.9:9100 from 192.0.2.1 ESTABLISHED
	// to 198.51.100.254:80 from 198.51.100.1 ESTABLISHED
	// no way to [2001:db8::1]:80
}
