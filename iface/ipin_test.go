package iface

import (
	"encoding/binary"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
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

func TestIPHeadersThatSayAnotherVersionOrNoLengthAreDropped(t *testing.T) {
	for name, spoil := range map[string]func(ip []byte){
		"version 6 in EtherType IPv4":  func(ip []byte) { ip[0] = 0x65 },
		"version 15 in EtherType IPv4": func(ip []byte) { ip[0] = 0xf5 },
		"total length 0":               func(ip []byte) { ip[2], ip[3] = 0, 0 },
		"total length 19":              func(ip []byte) { ip[2], ip[3] = 0, 19 },
	} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		r.listen(defaultListen)
		f := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), syn(80))[:ethernetHeaderLen+ipv4HeaderLen+20]
		ip := f[ethernetHeaderLen:]
		spoil(ip)
		ip[10], ip[11] = 0, 0
		binary.BigEndian.PutUint16(ip[10:], ^checksum.Fold(checksum.Sum(ip[:ipv4HeaderLen], 0)))
		r.put(f)
		if s := r.Stats(); s.Delivered != 0 || s.Drops[DropMalformed] != 1 {
			t.Errorf("%s: delivered %d, malformed %d", name, s.Delivered, s.Drops[DropMalformed])
		}
	}
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.listen(defaultListen)
	f := r.frame(eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolTCP), syn(80))
	f[ethernetHeaderLen] = 0x40 | f[ethernetHeaderLen]&15
	r.put(f)
	if r.Stats().Delivered != 0 {
		t.Error("version 4 in EtherType IPv6: delivered")
	}
}

func TestNoNextHeaderIsNotAnswered(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(r.frame(eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolNoNextHeader), gopacket.Payload("12345678")))
	if r.take() != nil {
		t.Error("answered")
	}
}

func TestSourceRoutesAreRefused_RFC7126_4_3(t *testing.T) {
	for kind, why := range map[uint8]DropReason{131: DropExtensionHeader, 137: DropExtensionHeader, 7: DropNone, 148: DropNone, 1: DropNone} {
		r := newRig(t, phy.MediumIP, Limits{})
		ip := ip4(layers.IPProtocolICMPv4)
		ip.Options = []layers.IPv4Option{{OptionType: 1}, {OptionType: kind, OptionLength: 7, OptionData: []byte{8, 1, 2, 3, 4}}}
		if kind == 1 {
			ip.Options = ip.Options[:1]
		}
		f := r.frame(ip, echo4(3))
		if why != DropNone {
			r.dropped(why, func() { r.put(f) })
			r.nothing()
		} else if r.put(f); r.take() == nil {
			t.Errorf("option %d: not answered", kind)
		}
	}
}

func TestPacketsArriveWhateverIsLeftOfTheirHops_RFC8200_3(t *testing.T) {
	for _, hops := range []uint8{0, 1, 255} {
		r := newRig(t, phy.MediumIP, Limits{})
		u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
		four, six := ip4(layers.IPProtocolUDP), ip6(layers.IPProtocolUDP)
		four.TTL, six.HopLimit = hops, hops
		for n, ip := range []gopacket.SerializableLayer{four, six} {
			r.put(r.frame(ip, &layers.UDP{SrcPort: 9, DstPort: 5}, gopacket.Payload("x")))
			if _, m, err := u.Peek(); err != nil || m.HopLimit != hops || u.in.Len() != 1 {
				t.Errorf("%d, packet %d: %+v, %v", hops, n, m, err)
			}
			u.Discard()
		}
	}
}
