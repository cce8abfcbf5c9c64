package iface

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// decoder takes frames apart without allocating: gopacket writes into layers that are kept.
type decoder struct {
	eth   layers.Ethernet
	dot1q layers.Dot1Q
	arp   layers.ARP
	ip4   layers.IPv4
	ip6   layers.IPv6
	tcp   layers.TCP
	icmp4 layers.ICMPv4
	icmp6 layers.ICMPv6

	fromEthernet, fromIPv4, fromIPv6 *gopacket.DecodingLayerParser
	found                            []gopacket.LayerType
}

func (d *decoder) init() {
	parser := func(first gopacket.LayerType) *gopacket.DecodingLayerParser {
		p := gopacket.NewDecodingLayerParser(first)
		p.SetDecodingLayerContainer(gopacket.DecodingLayerSparse(nil))
		for _, l := range []gopacket.DecodingLayer{&d.eth, &d.dot1q, &d.arp, &d.ip4, &d.ip6, &d.tcp, &d.icmp4, &d.icmp6} {
			p.AddDecodingLayer(l)
		}
		p.IgnoreUnsupported = true // what follows is told by found
		return p
	}
	d.fromEthernet = parser(layers.LayerTypeEthernet)
	d.fromIPv4 = parser(layers.LayerTypeIPv4)
	d.fromIPv6 = parser(layers.LayerTypeIPv6)
	d.found = make([]gopacket.LayerType, 0, 8)
}

// decode takes a frame apart, as far as there are layers that we know. false: it is malformed.
func (d *decoder) decode(frame []byte, ether bool) bool {
	if !ether {
		return d.decodeIP(frame)
	}
	err := d.fromEthernet.DecodeLayers(frame, &d.found)
	return err == nil && !d.fromEthernet.Truncated
}

// decodeIP takes apart a packet without a link-layer header.
func (d *decoder) decodeIP(b []byte) bool {
	var p *gopacket.DecodingLayerParser
	switch b[0] >> 4 {
	case 4:
		p = d.fromIPv4
	case 6:
		p = d.fromIPv6
	default:
		return false
	}
	err := p.DecodeLayers(b, &d.found)
	return err == nil && !p.Truncated
}

// layer gives the k-th layer found, or LayerTypeZero.
func (d *decoder) layer(k int) gopacket.LayerType {
	if k < len(d.found) {
		return d.found[k]
	}
	return gopacket.LayerTypeZero
}
