package nstest

import (
	"net"
	"net/netip"
	"testing"

	"smoltls/phy"
)

func TestDevicesComeUpWithTheirAddresses(t *testing.T) {
	v4, v6 := netip.MustParsePrefix("10.77.0.1/24"), netip.MustParsePrefix("fd77::1/64")
	tap, tapNS := TAP(t, v4, v6)
	tun, tunNS := TUN(t, v4, v6)
	for _, c := range []struct {
		dev    *phy.TunTap
		ns     *NetNS
		medium phy.Medium
		name   string
	}{{tap, tapNS, phy.MediumEthernet, "tap0"}, {tun, tunNS, phy.MediumIP, "tun0"}} {
		if c.dev.Medium() != c.medium || c.dev.Name() != c.name {
			t.Errorf("%s is %v", c.dev.Name(), c.dev.Medium())
		}
		err := c.ns.Do(func() error {
			link, err := net.InterfaceByName(c.name)
			if err != nil {
				return err
			}
			if link.Flags&net.FlagUp == 0 || link.MTU != c.dev.MTU() {
				t.Errorf("%s: %+v, MTU %d", c.name, link, c.dev.MTU())
			}
			for _, prefix := range []netip.Prefix{v4, v6} {
				// A tentative IPv6 address could not be bound yet.
				l, err := net.Listen("tcp", netip.AddrPortFrom(prefix.Addr(), 0).String())
				if err != nil {
					return err
				}
				l.Close()
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
