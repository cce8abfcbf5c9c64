package iface

import (
	"encoding/binary"

	"github.com/google/gopacket/layers"

	"smoltls/tcp"
)

// IPv6 extension headers (RFC 8200 §4). gopacket reads a packet that has some only in part, so they are taken off here,
// and the packet is given to it as if there had been none.
const (
	protoHopByHop, protoRouting, protoFragment, protoNone, protoDestination = 0, 43, 44, 59, 60

	nextHeaderAt = 6 // in an IPv6 header (RFC 8200 §3)

	maxExtensionHeaders = 8 // more than anybody has a use for

	optPad1, optPadN, optRouterAlert = 0, 1, 5 // RFC 8200 §4.2, RFC 2711
)

// extended reports whether frame is an IPv6 packet with extension headers, and gives the packet.
func (i *Interface) extended(frame []byte) ([]byte, bool) {
	at := i.hdrLen
	if i.ether && i.vlan == 0 && len(frame) > at && binary.BigEndian.Uint16(frame[at-2:]) == etherVLAN { // a priority and nothing else, if it is for us
		at += vlanTagLen
	}
	if len(frame) < at || i.ether && binary.BigEndian.Uint16(frame[at-2:]) != etherIPv6 {
		return nil, false
	}
	return extensions(frame[at:])
}

// extensions reports whether ip is an IPv6 packet with extension headers.
func extensions(ip []byte) ([]byte, bool) {
	if len(ip) < ipv6HeaderLen || ip[0]>>4 != 6 {
		return nil, false
	}
	switch ip[6] {
	case protoHopByHop, protoRouting, protoFragment, protoDestination:
		return ip, true
	}
	return nil, false
}

// receiveExtended takes the extension headers off a packet, and hands on what is behind them.
func (i *Interface) receiveExtended(ip []byte, p *packet) DropReason {
	length := int(binary.BigEndian.Uint16(ip[4:]))
	if length == 0 || len(ip) < ipv6HeaderLen+length { // a length of 0 would be a jumbogram (RFC 2675)
		return DropMalformed
	}
	p.original = ip[:ipv6HeaderLen+length]
	p.header = p.original[:ipv6HeaderLen]
	p.payload = p.original[ipv6HeaderLen:]
	p.hops, p.traffic = ip[7], ip[0]<<4|ip[1]>>4
	if r := i.readAddrs6(p); r != DropNone {
		return r
	}
	upper, next, why := i.skipExtensions(p)
	if upper == nil {
		return why
	}
	b := append(append(i.flat[:0], p.header...), upper...)
	i.flat = b
	if len(upper) > maxDatagram {
		return DropMalformed
	}
	b[0], b[1] = 6<<4|p.traffic>>4, b[1]&0x0f|p.traffic<<4
	b[6] = next
	binary.BigEndian.PutUint16(b[4:], uint16(len(upper)))
	if !i.decoder.decodeIP(b) {
		return DropMalformed
	}
	p.header, p.payload = b[:ipv6HeaderLen], b[ipv6HeaderLen:]
	return i.deliver6(layers.IPProtocol(next), p)
}

// skipExtensions walks along the extension headers to what is behind them; nil and why when there is nothing to hand
// on.
func (i *Interface) skipExtensions(p *packet) (upper []byte, next byte, why DropReason) {
	b, next := p.payload, p.header[6]
	at := ipv6HeaderLen // of b in the packet as it came
	p.nextAt = nextHeaderAt
	for n := 0; ; n++ {
		if n > maxExtensionHeaders {
			return nil, 0, DropExtensionHeader
		}
		switch next {
		case protoHopByHop, protoDestination, protoRouting:
			if next == protoHopByHop && n > 0 { // RFC 8200 §4.1: right after the IPv6 header only
				i.paramProblem(p, icmp6CodeNextHdr, at)
				return nil, 0, DropExtensionHeader
			}
			length, r := i.extensionHeader(p, next, b, at)
			if r != DropNone {
				return nil, 0, r
			}
			p.nextAt = at
			next, b, at = b[0], b[length:], at+length
		case protoFragment:
			p.pieces = true
			if b, next, why = i.receiveFragment6(p, b, at); b == nil {
				return nil, 0, why
			}
			p.nextAt = at
			at += fragmentHeaderLen
		case protoNone: // RFC 8200 §4.7
			return nil, 0, DropNone
		default:
			return b, next, DropNone
		}
	}
}

// upper6 walks along the headers of the IPv6 packet b to that of the protocol above, as far as its beginning is there.
// false: b ends before, or that protocol's header is cut.
func upper6(b []byte) (proto byte, at int, ok bool) {
	proto, at = b[6], ipv6HeaderLen
	for range maxExtensionHeaders + 1 {
		length := fragmentHeaderLen
		switch proto {
		case protoHopByHop, protoRouting, protoDestination:
			if len(b) < at+2 {
				return 0, 0, false
			}
			length = 8 + 8*int(b[at+1])
		case protoFragment:
		default:
			return proto, at, len(b) >= at+leastHeader(proto)
		}
		if len(b) < at+length {
			return 0, 0, false
		}
		proto, at = b[at], at+length
	}
	return 0, 0, false
}

// leastHeader is how long the header of a protocol above IP is at least.
func leastHeader(proto byte) int {
	switch proto {
	case protoTCP:
		return tcp.HeaderLen
	case protoUDP:
		return udpHeaderLen
	case protoICMPv6:
		return icmpHeaderLen
	case protoNone:
		return 0
	}
	return 1
}

// extensionHeader checks one header of those that have a length in their second byte, and gives that length.
func (i *Interface) extensionHeader(p *packet, kind byte, b []byte, at int) (int, DropReason) {
	if len(b) < 8 {
		return 0, DropMalformed
	}
	length := 8 + 8*int(b[1])
	if len(b) < length {
		return 0, DropMalformed
	}
	if kind != protoRouting {
		return length, i.options(p, b[2:length], at+2)
	}
	if b[3] != 0 { // segments left: we are not the last, and pass nothing on; type 0 is not to be followed at all (RFC 5095 §3)
		i.paramProblem(p, icmp6CodeHeader, at+2)
		return 0, DropExtensionHeader
	}
	return length, DropNone
}

// options reads the options of a hop-by-hop or destination options header (RFC 8200 §4.2). The two highest bits of one
// that we do not know say what to do.
func (i *Interface) options(p *packet, b []byte, at int) DropReason {
	for k := 0; k < len(b); {
		if b[k] == optPad1 {
			k++
			continue
		}
		if k+2 > len(b) || k+2+int(b[k+1]) > len(b) {
			return DropMalformed
		}
		if b[k] == optRouterAlert {
			p.alert = true
		}
		if kind := b[k]; kind != optPadN && kind != optRouterAlert {
			switch kind >> 6 {
			case 1:
				return DropExtensionHeader
			case 2:
				i.paramProblemEvenToAll(p, icmp6CodeOption, at+k)
				return DropExtensionHeader
			case 3:
				i.paramProblem(p, icmp6CodeOption, at+k)
				return DropExtensionHeader
			}
		}
		k += 2 + int(b[k+1])
	}
	return DropNone
}
