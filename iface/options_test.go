package iface

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

// marks gives the hop limit and the traffic class of a packet.
func marks(p gopacket.Packet) (hops, traffic uint8) {
	if ip, ok := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4); ok {
		return ip.TTL, ip.TOS
	}
	ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
	return ip.HopLimit, ip.TrafficClass
}

func TestEachSocketHasItsHopLimitAndItsTrafficClass(t *testing.T) {
	for _, to := range []netip.Addr{peer4, peer6} {
		r := newRig(t, phy.MediumIP, Limits{})
		want := func(hops, traffic uint8) {
			t.Helper()
			r.poll()
			if h, c := marks(r.take()); h != hops || c != traffic {
				t.Errorf("to %v with hop limit %d and traffic class %#x, wanted %d and %#x", to, h, c, hops, traffic)
			}
		}
		cfg := PacketConfig{HopLimit: 7, Traffic: 46 << 2}
		u, _ := r.openUDP(t, "[::]:5", cfg)
		u.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(to, 9)})
		want(7, 46<<2)
		u.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(to, 9), HopLimit: 3, Traffic: 1})
		want(3, 1)
		g := &PingSocket{}
		if err := r.OpenPing(g, nil, 0, cfg); err != nil {
			t.Fatal(err)
		}
		g.TrySend(1, nil, Meta{Remote: netip.AddrPortFrom(to, 0)})
		want(7, 46<<2)
		for _, c := range []struct {
			cfg           *tcp.Config
			hops, traffic uint8
		}{{nil, 64, 0}, {&tcp.Config{HopLimit: 255}, 255, 0}, {&tcp.Config{DSCP: 10}, 64, 10 << 2}, {&tcp.Config{HopLimit: 1, DSCP: 63}, 1, 63 << 2}} {
			if err := r.Connect(&Conn{}, r, netip.AddrPortFrom(to, 80), c.cfg); err != nil {
				t.Fatal(err)
			}
			want(c.hops, c.traffic)
		}
		group := groupA4
		if to.Is6() {
			group = groupA
		}
		v, _ := r.openUDP(t, "[::]:6", PacketConfig{})
		v.TrySendTo([]byte("x"), Meta{Remote: netip.AddrPortFrom(group, 9)})
		want(1, 0) // RFC 1112 §6.1
	}
}
