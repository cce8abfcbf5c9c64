package iface

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"smoltls/phy"
)

func TestSourceAddressFitsTheHopAndTheScope(t *testing.T) {
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	addr := netip.MustParseAddr
	i, err := New(Config{Device: dev, Addrs: []netip.Prefix{
		netip.MustParsePrefix("fe80::1/64"), netip.MustParsePrefix("2001:db8::1/64"), netip.MustParsePrefix("2001:db8:2::1/64"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for dst, want := range map[string]string{"fe80::9": "fe80::1", "2001:db8::9": "2001:db8::1", "2001:db8:2::9": "2001:db8:2::1"} {
		if src, ok := i.source(addr(dst), addr(dst)); !ok || src != addr(want) {
			t.Errorf("to %s from %v, want %s", dst, src, want)
		}
	}
	if _, ok := i.source(addr("192.0.2.1"), addr("192.0.2.1")); ok {
		t.Error("an address of the wrong family")
	}
}

// TestSourceAddressesAreChosenByTheRules_RFC6724_5 follows the examples of RFC 6724 §10.1, as far as they are about one
// interface.
func TestSourceAddressesAreChosenByTheRules_RFC6724_5(t *testing.T) {
	type own struct {
		prefix string
		state  AddrState
		by     string // the router that advertises it
	}
	p := AddrPreferred
	for _, c := range []struct {
		rule      string
		dst, hop  string
		candidate []own
		want      string // of several that are as good, the first
	}{
		{"1: the same", "2001:db8::2", "fe80::1", []own{{"2001:db8::1/64", p, ""}, {"2001:db8::2/64", AddrDeprecated, ""}}, "2001:db8::2"},
		{"2: scope", "2001:db8:1::1", "fe80::1", []own{{"fe80::1234/64", p, ""}, {"2001:db8:3::1/64", p, ""}}, "2001:db8:3::1"},
		{"2: scope", "fec0::1", "fec0::1", []own{{"fe80::1234/64", p, ""}, {"2001:db8:1::1/64", p, ""}}, "2001:db8:1::1"},
		{"2: scope of a group", "ff02::1", "ff02::1", []own{{"2001:db8:2::1/64", p, ""}, {"fe80::1234/64", p, ""}}, "fe80::1234"},
		{"2: scope", "169.254.3.4", "169.254.3.4", []own{{"192.0.2.1/24", p, ""}, {"169.254.1.1/16", p, ""}}, "169.254.1.1"},
		{"3: deprecated", "2001:db8:1::1", "fe80::1", []own{{"2001:db8:1::2/64", AddrDeprecated, ""}, {"2001:db8:3::2/64", p, ""}}, "2001:db8:3::2"},
		{"3: deprecated, when there is no other", "2001:db8:1::1", "fe80::1", []own{{"2001:db8:1::2/64", AddrDeprecated, ""}}, "2001:db8:1::2"},
		{"5.5: the next hop's", "2001:db8:1::1", "fe80::2", []own{{"2001:db8:1::2/64", p, "fe80::1"}, {"2001:db8:3::2/64", p, "fe80::2"}}, "2001:db8:3::2"},
		{"6: label", "2002:c633:6401::1", "fe80::1", []own{{"2001:db8:1::2/64", p, ""}, {"2002:c633:6401::d5e3:7953:13eb:22e8/64", p, ""}}, "2002:c633:6401::d5e3:7953:13eb:22e8"},
		{"6: label of local addresses", "fd00::1", "fe80::1", []own{{"2001:db8:1::2/64", p, ""}, {"fd77::1/64", p, ""}}, "fd77::1"},
		{"8: longest common prefix", "2001:db8:1::1", "fe80::1", []own{{"2001:db8:3::2/64", p, ""}, {"2001:db8:1::2/64", p, ""}}, "2001:db8:1::2"},
		{"8: not beyond the network's length", "2001:db8:1::d5e3:1", "fe80::1", []own{{"2001:db8:1::2/64", p, ""}, {"2001:db8:1::d5e3:7953/64", p, ""}}, "2001:db8:1::2"},
		{"a router forwards nothing from a link-local address", "2001:db8::2", "fe80::1", []own{{"fe80::1234/64", p, ""}}, ""},
		{"tentative and duplicate addresses are none", "2001:db8::2", "fe80::1", []own{{"2001:db8::1/64", AddrTentative, ""}, {"2001:db8::3/64", AddrDuplicate, ""}}, ""},
	} {
		equals := strings.HasPrefix(c.rule, "8: not beyond")
		for _, reversed := range []bool{false, !equals} {
			i := &Interface{}
			for k := range c.candidate {
				o := c.candidate[k]
				if reversed {
					o = c.candidate[len(c.candidate)-1-k]
				}
				a := &address{prefix: netip.MustParsePrefix(o.prefix), auto: o.by != ""}
				if o.by != "" {
					a.routers = []netip.Addr{netip.MustParseAddr(o.by)}
				}
				i.addrs = append(i.addrs, a)
				i.setAddrState(a, o.state)
			}
			src, ok := i.source(netip.MustParseAddr(c.dst), netip.MustParseAddr(c.hop))
			if ok != (c.want != "") || ok && src != netip.MustParseAddr(c.want) {
				t.Errorf("rule %s: to %s from %v, wanted %q", c.rule, c.dst, src, c.want)
			}
		}
	}
}

func TestLabelsAreThoseOfTheDefaultPolicy_RFC6724_2_1(t *testing.T) {
	for a, want := range map[string]int{
		"::1": 0, "2001:db8::1": 1, "192.0.2.1": 4, "2002::1": 2, "2001::1": 5, "fc00::1": 13, "fd00::1": 13, "::1.2.3.4": 3, "fec0::1": 11, "3ffe::1": 12,
	} {
		if got := labelOf(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s: %d, wanted %d", a, got, want)
		}
	}
}

func TestTheSourceIsTold(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	for dst, want := range map[netip.Addr]netip.Addr{peer4: our4, peer6: our6, netip.AddrFrom16(peer4.As16()): our4} {
		if got, err := r.SourceFor(dst); got != want || err != nil {
			t.Errorf("to %v from %v, %v", dst, got, err)
		}
	}
	if _, err := r.SourceFor(netip.Addr{}); !errors.Is(err, ErrAddress) {
		t.Error(err)
	}
	if _, err := r.SourceFor(netip.MustParseAddr("2001:db8:9::1")); !errors.Is(err, ErrNoRoute) {
		t.Error(err)
	}
}
