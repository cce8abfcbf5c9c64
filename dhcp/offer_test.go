package dhcp

import (
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
)

func newRand() *mathrand.Rand { return mathrand.New(mathrand.NewPCG(1, 2)) }

// lease is what a client makes of an answer.
func (a answer) lease(t *testing.T, cfg Config) (Lease, error) {
	t.Helper()
	if a.kind == 0 {
		a.kind = layers.DHCPMsgTypeAck
	}
	m, err := parse(a.body(), ourXid, &us)
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{cfg: cfg, rng: newRand()}
	if c.cfg.Limits == (Limits{}) {
		c.cfg.Limits = Limits{Servers: 8, Routes: 8}
	}
	return c.readLease(&m, epoch)
}

func TestWhenALeaseIsRenewed_RFC2131_4_4_5(t *testing.T) {
	const t1, t2 = layers.DHCPOptT1, layers.DHCPOptT2
	for _, c := range []struct {
		seconds       uint32
		options       []layers.DHCPOption
		renew, rebind time.Duration // at most, where the client chooses: up to a sixteenth earlier
		chosen        bool
	}{
		{1, nil, time.Second / 2, 7 * time.Second / 8, true},
		{3600, nil, 1800 * time.Second, 3150 * time.Second, true},
		{3600, []layers.DHCPOption{option(t1, u32(600)...), option(t2, u32(1200)...)}, 600 * time.Second, 1200 * time.Second, false},
		{3600, []layers.DHCPOption{option(t1, u32(600)...)}, 600 * time.Second, 3150 * time.Second, false},
		{3600, []layers.DHCPOption{option(t1, u32(3500)...)}, 1800 * time.Second, 3150 * time.Second, true},
		{3600, []layers.DHCPOption{option(t2, u32(700)...)}, 400 * time.Second, 700 * time.Second, true},
		{3600, []layers.DHCPOption{option(t1, u32(1200)...), option(t2, u32(600)...)}, 342857 * time.Millisecond, 600 * time.Second, true}, // the wrong way round
		{3600, []layers.DHCPOption{option(t1, u32(600)...), option(t2, u32(3600)...)}, 600 * time.Second, 3150 * time.Second, false},
		{3600, []layers.DHCPOption{option(t1, u32(0)...), option(t2, u32(0)...)}, 1800 * time.Second, 3150 * time.Second, true},
		{3600, []layers.DHCPOption{option(t1, u32(infinite)...), option(t2, u32(infinite)...)}, 1800 * time.Second, 3150 * time.Second, true},
		{3600, []layers.DHCPOption{option(t1, 1), option(t2, 1, 2, 3, 4, 5)}, 1800 * time.Second, 3150 * time.Second, true},
		{infinite - 1, nil, 2147483647 * time.Second, 3758096382 * time.Second, true},
	} {
		l, err := answer{seconds: c.seconds, options: c.options}.lease(t, Config{})
		if err != nil {
			t.Fatal(err)
		}
		renew, rebind := l.Renew.Sub(epoch), l.Rebind.Sub(epoch)
		if least := c.renew - c.renew/15; renew > c.renew+time.Millisecond || renew < least || !c.chosen && renew != c.renew || rebind > c.rebind+6*time.Second || rebind < c.rebind {
			t.Errorf("%d seconds, %v: renewed after %v, rebound after %v", c.seconds, c.options, renew, rebind)
		}
		if l.End.Sub(epoch) != time.Duration(c.seconds)*time.Second {
			t.Errorf("%v", l.End)
		}
	}
	l, err := answer{seconds: infinite, options: []layers.DHCPOption{option(t1, u32(5)...)}}.lease(t, Config{})
	if err != nil || !l.Renew.IsZero() || !l.Rebind.IsZero() || !l.End.IsZero() {
		t.Errorf("for ever: %+v, %v", l, err)
	}
}

func TestOffersThatCanNotBe(t *testing.T) {
	base := func(change ...layers.DHCPOption) []layers.DHCPOption {
		return append([]layers.DHCPOption{option(layers.DHCPOptMessageType, 2)}, change...)
	}
	mask, id, seconds := option(layers.DHCPOptSubnetMask, 255, 255, 255, 0), option(layers.DHCPOptServerID, 192, 0, 2, 1), option(layers.DHCPOptLeaseTime, 0, 0, 1, 0)
	for name, a := range map[string]answer{
		"no lease time":              {instead: base(mask, id)},
		"a lease of no time":         {instead: base(mask, id, option(layers.DHCPOptLeaseTime, 0, 0, 0, 0))},
		"a lease time of five bytes": {instead: base(mask, id, option(layers.DHCPOptLeaseTime, 0, 0, 0, 0, 1))},
		"a lease time twice":         {instead: base(mask, id, seconds, seconds)},
		"no server":                  {instead: base(mask, seconds)},
		"a server that is a group":   {instead: base(mask, seconds, option(layers.DHCPOptServerID, 224, 0, 0, 1))},
		"a mask with a hole":         {instead: base(id, seconds, option(layers.DHCPOptSubnetMask, 255, 0, 255, 0))},
		"a mask of nothing":          {instead: base(id, seconds, option(layers.DHCPOptSubnetMask, 0, 0, 0, 0))},
		"a mask of three bytes":      {instead: base(id, seconds, option(layers.DHCPOptSubnetMask, 255, 255, 255))},
		"nobody's address":           {yours: netip.IPv4Unspecified()},
		"a group":                    {yours: netip.MustParseAddr("224.0.0.5")},
		"ourselves":                  {yours: netip.MustParseAddr("127.0.0.1")},
		"everybody":                  {yours: netip.MustParseAddr("255.255.255.255")},
		"the network":                {yours: netip.MustParseAddr("192.0.2.0")},
		"the network's broadcast":    {yours: netip.MustParseAddr("192.0.2.255")},
		"class E":                    {yours: netip.MustParseAddr("240.0.0.1")},
	} {
		if l, err := a.lease(t, Config{}); !errors.Is(err, errMalformed) {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	for addr, want := range map[string]string{"10.0.0.1": "10.0.0.1/8", "172.16.0.1": "172.16.0.1/16", "192.0.2.5": "192.0.2.5/24"} { // by its class
		if l, err := (answer{yours: netip.MustParseAddr(addr), instead: base(id, seconds)}).lease(t, Config{}); err != nil || l.Addr.String() != want {
			t.Errorf("%+v, %v", l, err)
		}
	}
	for _, bits := range []byte{254, 255} { // two addresses (RFC 3021), and one
		if l, err := (answer{yours: netip.MustParseAddr("192.0.2.255"), instead: base(id, seconds, option(layers.DHCPOptSubnetMask, 255, 255, 255, bits))}).lease(t, Config{}); err != nil {
			t.Errorf("%+v, %v", l, err)
		}
	}
}

func TestOtherOptions(t *testing.T) {
	for _, c := range []struct {
		of   layers.DHCPOption
		get  func(*Lease) any
		want string
	}{
		{addrs(layers.DHCPOptDNS, "192.0.2.53", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.51.100.53"), func(l *Lease) any { return l.DNS }, "[192.0.2.53 198.51.100.53]"},
		{option(layers.DHCPOptDNS, 1, 2, 3), func(l *Lease) any { return l.DNS }, "[]"},
		{addrs(optNTP, "192.0.2.1", "192.0.2.2", "192.0.2.3"), func(l *Lease) any { return l.NTP }, "[192.0.2.1 192.0.2.2]"}, // Limits.Servers
		{option(layers.DHCPOptDomainName, []byte("Example.Test.\x00")...), func(l *Lease) any { return l.Domain }, "Example.Test"},
		{option(layers.DHCPOptDomainName, []byte("$(reboot)")...), func(l *Lease) any { return l.Domain }, ""},
		{option(layers.DHCPOptDomainName, []byte("a..b")...), func(l *Lease) any { return l.Domain }, ""},
		{option(layers.DHCPOptDomainName), func(l *Lease) any { return l.Domain }, ""},
		{option(layers.DHCPOptInterfaceMTU, 5, 220), func(l *Lease) any { return l.MTU }, "1500"},
		{option(layers.DHCPOptInterfaceMTU, 0, 68), func(l *Lease) any { return l.MTU }, "0"},
		{option(layers.DHCPOptInterfaceMTU, 5), func(l *Lease) any { return l.MTU }, "0"},
		{option(43, 1, 2), func(l *Lease) any { return l.Options }, "map[43:[1 2]]"},
		{option(44, 1, 2), func(l *Lease) any { return l.Options }, "map[]"},
		{addrs(layers.DHCPOptRouter, "192.0.2.254", "0.0.0.0"), func(l *Lease) any { return l.Routes }, "[{0.0.0.0/0 192.0.2.254}]"},
		{option(layers.DHCPOptClasslessStaticRoute, 0, 192, 0, 2, 9, 25, 198, 51, 100, 128, 0, 0, 0, 0), func(l *Lease) any { return fmt.Sprint(l.Routes, l.Routers) }, "[{0.0.0.0/0 192.0.2.9} {198.51.100.128/25 invalid IP}] [192.0.2.9]"},
		{option(layers.DHCPOptClasslessStaticRoute, 33, 1, 2, 3, 4, 5, 192, 0, 2, 9), func(l *Lease) any { return l.Routes }, "[]"},
		{option(layers.DHCPOptClasslessStaticRoute, 24, 1, 2, 3, 192, 0, 2), func(l *Lease) any { return l.Routes }, "[]"},
		{option(layers.DHCPOptClasslessStaticRoute, 24, 1, 2, 3, 224, 0, 2, 1), func(l *Lease) any { return l.Routes }, "[]"},
		{option(layers.DHCPOptClasslessStaticRoute, 8, 10, 192, 0, 2, 1, 8, 11, 192, 0, 2, 1, 8, 12, 192, 0, 2, 1), func(l *Lease) any { return len(l.Routes) }, "2"}, // Limits.Routes
	} {
		l, err := answer{options: []layers.DHCPOption{c.of}}.lease(t, Config{Options: []byte{43}, Limits: Limits{Servers: 2, Routes: 2}})
		if got := fmt.Sprint(c.get(&l)); err != nil || got != c.want {
			t.Errorf("%v: %s, %v", c.of, got, err)
		}
	}
	l, err := answer{options: []layers.DHCPOption{ // RFC 3442: the routers do not count beside them
		addrs(layers.DHCPOptRouter, "192.0.2.254"), option(layers.DHCPOptClasslessStaticRoute, 8, 10, 192, 0, 2, 1),
	}}.lease(t, Config{})
	if err != nil || fmt.Sprint(l.Routes) != "[{10.0.0.0/8 192.0.2.1}]" || l.Routers != nil {
		t.Errorf("%+v, %v", l, err)
	}
}
