package phy_test

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

func TestConfigureHostAddsAddressesAndBringsUp(t *testing.T) {
	dev, ns := nstest.TAP(t)
	prefixes := []netip.Prefix{
		netip.MustParsePrefix("10.77.0.1/24"),
		netip.MustParsePrefix("10.78.0.1/32"),
		netip.MustParsePrefix("fd77::1/64"),
		netip.MustParsePrefix("10.77.0.1/24"), // again
	}
	err := ns.Do(func() error {
		for _, p := range prefixes {
			if err := phy.ConfigureHost(dev.Name(), p); err != nil {
				return err
			}
		}
		link, err := net.InterfaceByName(dev.Name())
		if err != nil {
			return err
		}
		addrs, err := link.Addrs()
		if err != nil {
			return err
		}
		var got []string
		for _, a := range addrs {
			got = append(got, a.String())
		}
		for _, p := range prefixes {
			if !slices.Contains(got, p.String()) {
				t.Errorf("%v is not among %v", p, got)
			}
		}
		if link.Flags&net.FlagUp == 0 {
			t.Error("the link is not up")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestConfigureHostErrors(t *testing.T) {
	ns := nstest.NewNetNS(t)
	for _, c := range []struct {
		name   string
		prefix netip.Prefix
		says   string
	}{
		{"nosuch0", netip.MustParsePrefix("10.0.0.1/8"), "find the interface"},
		{"a-name-of-16-byte", netip.MustParsePrefix("10.0.0.1/8"), "find the interface"},
		{"lo", netip.Prefix{}, "invalid prefix"},
		{"lo", netip.MustParsePrefix("::ffff:10.0.0.1/104"), "invalid prefix"},
	} {
		err := ns.Do(func() error { return phy.ConfigureHost(c.name, c.prefix) })
		var he *phy.HostError
		if !errors.As(err, &he) || he.Name != c.name || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %v: %v", c.name, c.prefix, err)
		}
	}
}
