package iface

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"smoltls/tcp"
)

var dns1, dns2 = netip.MustParseAddr("2001:db8:a::53"), netip.MustParseAddr("fe80::53")

// dnsOption is an option with a lifetime before its content, filled up to a multiple of 8 bytes.
func dnsOption(kind byte, lifetime uint32, content []byte) []byte {
	b := append(binary.BigEndian.AppendUint32([]byte{kind, 0, 0, 0}, lifetime), content...)
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	b[1] = byte(len(b) / 8)
	return b
}

func serversOption(lifetime uint32, servers ...netip.Addr) []byte {
	var b []byte
	for _, a := range servers {
		b = append(b, a.AsSlice()...)
	}
	return dnsOption(optDNSServers, lifetime, b)
}

func domainsOption(lifetime uint32, names ...string) []byte {
	var b []byte
	for _, name := range names {
		for label := range strings.SplitSeq(name, ".") {
			b = append(append(b, byte(len(label))), label...)
		}
		b = append(b, 0)
	}
	return dnsOption(optSearchDomains, lifetime, b)
}

func TestRoutersTellOfDNSServersAndDomains_RFC8106_5(t *testing.T) {
	news := 0
	a := newAutoRig(t, func(c *Config) { c.DNSEvent = func() { news++ } })
	a.up()
	says := func(want string, wantNews int) {
		t.Helper()
		if got := fmt.Sprint(a.DNSServers(), a.SearchDomains()); got != want || news != wantNews {
			t.Fatalf("%s with %d news, wanted %s with %d", got, news, want, wantNews)
		}
	}
	says("[] []", 0)
	a.advertiseRouter(router1, adv{lifetime: 100, options: [][]byte{serversOption(600, dns1, dns2), domainsOption(60, "example.net", "a.example")}})
	says("[2001:db8:a::53 fe80::53] [example.net a.example]", 2)
	t.Log("# said again it lasts longer, and is no news")
	a.sleep(30 * time.Second)
	a.advertiseRouter(router2, adv{options: [][]byte{serversOption(600, dns2), domainsOption(^uint32(0), "a.example")}})
	says("[2001:db8:a::53 fe80::53] [example.net a.example]", 2)
	t.Log("# each ends with its own time, and a lifetime of 0 ends it at once")
	a.sleep(31 * time.Second)
	says("[2001:db8:a::53 fe80::53] [a.example]", 3)
	a.advertiseRouter(router1, adv{options: [][]byte{serversOption(0, dns2), serversOption(0, router1)}})
	says("[2001:db8:a::53] [a.example]", 4)
	a.sleep(10 * time.Minute)
	says("[] [a.example]", 5)
	a.sleep(48 * time.Hour)
	says("[] [a.example]", 5)
}

func TestDNSServersAreBounded(t *testing.T) {
	a := newAutoRig(t, func(c *Config) { c.Limits.DNSServers = 2 })
	a.up()
	third := netip.MustParseAddr("2001:db8:a::54")
	a.dropped(DropAutoconfFull, func() { a.advertiseRouter(router1, adv{options: [][]byte{serversOption(60, dns1, dns2, third)}}) })
	if got := a.DNSServers(); !slices.Equal(got, []netip.Addr{dns1, dns2}) {
		t.Fatal(got)
	}
	a.dropped(DropAutoconfFull, func() { a.advertiseRouter(router1, adv{options: [][]byte{domainsOption(60, "a", "b", "c")}}) })
	a.advertiseRouter(router1, adv{options: [][]byte{serversOption(0, dns1), serversOption(60, third)}})
	if got := a.DNSServers(); !slices.Equal(got, []netip.Addr{dns2, third}) || len(a.SearchDomains()) != 2 {
		t.Fatal(got)
	}
}

func TestDNSOptionsThatCannotBeAreIgnored_RFC8106_5_3_1(t *testing.T) {
	a := newAutoRig(t, nil)
	a.up()
	short := serversOption(60, dns1)
	odd := dnsOption(optDNSServers, 60, make([]byte, 24))
	long := strings.Repeat(strings.Repeat("x", 63)+".", 4) + "y"
	a.advertiseRouter(router1, adv{options: [][]byte{
		append([]byte{optDNSServers, 1}, short[2:8]...), odd, {optDNSServers, 1, 0, 0, 0, 0, 0, 60}, {optSearchDomains, 1, 0, 0, 0, 0, 0, 60},
		serversOption(60, netip.MustParseAddr("ff02::1"), netip.IPv6Unspecified(), netip.IPv6Loopback(), netip.MustParseAddr("::ffff:192.0.2.1")),
		domainsOption(60, "sh;rm -rf"), domainsOption(60, long), dnsOption(optSearchDomains, 60, []byte{7, 'c', 'u', 't'}),
		domainsOption(60, "good.example", "bad domain", "late.example"),
	}})
	if s, d := a.DNSServers(), a.SearchDomains(); len(s) != 0 || !slices.Equal(d, []string{"good.example"}) {
		t.Fatal(s, d)
	}
}

func FuzzDNSOptions(f *testing.F) {
	for _, o := range [][]byte{serversOption(60, dns1, dns2), domainsOption(60, "example.net", "a.example"), domainsOption(0, "a")} {
		f.Add(o[2:])
	}
	f.Fuzz(func(t *testing.T, v []byte) {
		a := &Interface{limits: Limits{DNSServers: 3}, choreAt: tcp.Never}
		a.takeDNS(optDNSServers, v)
		a.takeDNS(optSearchDomains, v)
		if len(a.DNSServers()) > 3 || len(a.SearchDomains()) > 3 {
			t.Fatal("more than may be")
		}
		for _, d := range a.SearchDomains() {
			if d == "" || len(d) > maxDomain || strings.ContainsAny(d, " ;/\n\x00") {
				t.Fatalf("%q", d)
			}
		}
	})
}
