package iface

import (
	"errors"
	"net/netip"
	"testing"

	"smoltls/phy"
)

func TestConfigurationsThatCantWorkAreRefused(t *testing.T) {
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	small, _ := phy.NewPipe(phy.PipeConfig{MTU: 576})
	good := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	for name, c := range map[string]Config{
		"no device":             {Addrs: good},
		"no address":            {Device: dev},
		"zero prefix":           {Device: dev, Addrs: []netip.Prefix{{}}},
		"unspecified":           {Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/8")}},
		"multicast":             {Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("224.0.0.1/8")}},
		"IPv4 in IPv6":          {Device: dev, Addrs: []netip.Prefix{netip.PrefixFrom(netip.MustParseAddr("::ffff:192.0.2.1"), 120)}},
		"loopback":              {Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8")}},
		"loopback of IPv6":      {Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("::1/128")}},
		"everybody":             {Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("255.255.255.255/32")}},
		"the broadcast address": {Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.255/24")}},
		"multicast MAC":         {Device: dev, Addrs: good, HardwareAddr: [6]byte{1}},
		"IPv6 on a small MTU":   {Device: small, Addrs: []netip.Prefix{netip.MustParsePrefix("2001:db8::1/64")}},
		"a queue too many":      {Device: dev, Addrs: good, Queue: 2, Queues: 2},
		"the second of one":     {Device: dev, Addrs: good, Queue: 1},
		"less than no queue":    {Device: dev, Addrs: good, Queue: -1, Queues: 2},
		"too many queues":       {Device: dev, Addrs: good, Queues: phy.MaxQueues + 1},
		"entropy that runs dry": {Device: dev, Addrs: good, Rand: dry{}},
	} {
		i, err := New(c)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if name != "entropy that runs dry" && (!errors.Is(err, ErrConfig) || i != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(Config{Device: small, Addrs: good}); err != nil {
		t.Errorf("IPv4 on an MTU of 576: %v", err)
	}
}

type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errors.New("dry") }

func TestAnMTUBeyondThatOfIPIsThatOfIP(t *testing.T) {
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	i, err := New(Config{Device: wide{dev}, Addrs: []netip.Prefix{netip.PrefixFrom(our4, 24)}})
	if err != nil || i.MTU() != 65535 {
		t.Fatal(i.MTU(), err)
	}
}

type wide struct{ phy.Device }

func (wide) MTU() int { return 100_000 }
