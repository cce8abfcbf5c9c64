package iface

import (
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestPacketsThatAreNotForUsOrFromNowhereAreDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	e := eth(layers.EthernetTypeIPv4)
	for _, c := range []struct {
		src, dst string
		why      DropReason
	}{
		{"192.0.2.9", "192.0.2.77", DropNotForUs},
		{"192.0.2.9", "224.0.0.1", DropNotForUs},
		{"192.0.2.1", "192.0.2.1", DropSource},
		{"224.0.0.1", "192.0.2.1", DropSource},
		{"192.0.2.255", "192.0.2.1", DropSource},
		{"255.255.255.255", "192.0.2.1", DropSource},
		{"127.0.0.1", "192.0.2.1", DropSource},
		{"0.0.0.0", "192.0.2.1", DropSource},
	} {
		ip := ip4(layers.IPProtocolTCP)
		ip.SrcIP, ip.DstIP = parseIP(c.src), parseIP(c.dst)
		seg := syn(80)
		seg.SetNetworkLayerForChecksum(ip)
		r.dropped(c.why, func() { r.put(r.frame(e, ip, seg)) })
	}
	for _, c := range []struct {
		src, dst string
		why      DropReason
	}{
		{"2001:db8::9", "2001:db8::77", DropNotForUs},
		{"2001:db8::9", "ff02::2", DropNotForUs},
		{"::1", "2001:db8::1", DropSource},
		{"ff02::1", "2001:db8::1", DropSource},
		{"::ffff:192.0.2.9", "2001:db8::1", DropSource},
	} {
		ip := ip6(layers.IPProtocolTCP)
		ip.SrcIP, ip.DstIP = parseIP(c.src), parseIP(c.dst)
		seg := syn(80)
		seg.SetNetworkLayerForChecksum(ip)
		r.dropped(c.why, func() { r.put(r.frame(eth(layers.EthernetTypeIPv6), ip, seg)) })
	}
	r.nothing()
}

func TestFragmentsAndExtensionHeadersAreDroppedUnderTheirOwnNames(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	for _, f := range []func(*layers.IPv4){
		func(ip *layers.IPv4) { ip.Flags = layers.IPv4MoreFragments },
		func(ip *layers.IPv4) { ip.FragOffset = 100 },
	} {
		ip := ip4(layers.IPProtocolUDP)
		f(ip)
		r.dropped(DropFragment, func() { r.put(r.frame(eth(layers.EthernetTypeIPv4), ip, gopacket.Payload("12345678"))) })
	}
	for proto, why := range map[layers.IPProtocol]DropReason{
		layers.IPProtocolIPv6Fragment: DropFragment, layers.IPProtocolIPv6HopByHop: DropExtensionHeader,
		layers.IPProtocolIPv6Routing: DropExtensionHeader, layers.IPProtocolIPv6Destination: DropExtensionHeader,
	} {
		ip := ip6(proto)
		ip.NextHeader = layers.IPProtocolNoNextHeader
		raw := r.frame(eth(layers.EthernetTypeIPv6), ip, gopacket.Payload([]byte{59, 0, 1, 4, 0, 0, 0, 0}))
		raw[ethernetHeaderLen+6] = byte(proto)
		r.dropped(why, func() { r.put(raw) })
	}
	r.nothing()
}

func TestAFlippedBitInTheIPv4HeaderIsNoticed(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.listen(defaultListen)
	ip := ip4(layers.IPProtocolTCP)
	good := r.frame(eth(layers.EthernetTypeIPv4), ip, syn(80))
	for k := ethernetHeaderLen; k < ethernetHeaderLen+ipv4HeaderLen; k++ {
		bad := append([]byte(nil), good...)
		bad[k] ^= 0x10
		before := r.Stats().Delivered
		r.put(bad)
		if r.Stats().Delivered != before {
			t.Fatalf("a flip in byte %d of the header was delivered", k-ethernetHeaderLen)
		}
	}
}
