package iface

import (
	"encoding/binary"
	"net/netip"

	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
)

// receiveIPv4 checks a packet's header (RFC 1122 §3.2.1) and hands it on.
func (i *Interface) receiveIPv4(ip *layers.IPv4, p *packet) DropReason {
	// gopacket does not look at the version, and takes a length of 0 for all there is.
	if len(ip.Contents) < ipv4HeaderLen || ip.Contents[0]>>4 != 4 || int(binary.BigEndian.Uint16(ip.Contents[2:])) < len(ip.Contents) {
		return DropMalformed
	}
	if checksum.Fold(checksum.Sum(ip.Contents, 0)) != 0xffff {
		return DropIPChecksum
	}
	if options := ip.Contents[ipv4HeaderLen:]; hasOption4(options, optLooseRoute4) || hasOption4(options, optStrictRoute4) { // RFC 7126 §4.3: an attack
		return DropExtensionHeader
	}
	src, dst := netip.AddrFrom4([4]byte(ip.SrcIP)), netip.AddrFrom4([4]byte(ip.DstIP))
	p.v4, p.hops, p.payload, p.header = true, ip.TTL, ip.Payload, ip.Contents
	map4(&p.tuple.remote, ip.SrcIP)
	map4(&p.tuple.local, ip.DstIP)
	p.traffic = ip.TOS
	if r := i.checkAddrs(src, dst, p); r != DropNone {
		if r == DropNotForUs && i.seekers > 0 && i.sought(ip, p) {
			return i.receiveUDP(p)
		}
		return r
	}
	if ip.FragOffset != 0 || ip.Flags&layers.IPv4MoreFragments != 0 {
		return i.receiveFragment4(ip, p)
	}
	switch ip.Protocol {
	case layers.IPProtocolTCP:
		return i.receiveTCP(p)
	case layers.IPProtocolICMPv4:
		return i.receiveICMPv4(p)
	case layers.IPProtocolUDP:
		return i.receiveUDP(p)
	case layers.IPProtocolIGMP:
		return i.receiveIGMP(p)
	}
	return i.receiveRaw(p, uint8(ip.Protocol))
}

// Options of IPv4 that say which way a packet takes (RFC 791 §3.1).
const optLooseRoute4, optStrictRoute4 = 0x83, 0x89

// hasOption4 finds an option of an IPv4 header.
func hasOption4(options []byte, kind byte) bool {
	for len(options) > 0 {
		switch options[0] {
		case 0: // end of the list (RFC 791 §3.1)
			return false
		case 1:
			options = options[1:]
			continue
		}
		if len(options) < 2 || options[1] < 2 || int(options[1]) > len(options) {
			return false
		}
		if options[0] == kind {
			return true
		}
		options = options[options[1]:]
	}
	return false
}

// receiveIPv6 checks a packet's header (RFC 8200 §3) and hands it on.
func (i *Interface) receiveIPv6(ip *layers.IPv6, p *packet) DropReason {
	if len(ip.Contents) < ipv6HeaderLen || ip.Contents[0]>>4 != 6 {
		return DropMalformed
	}
	p.hops, p.traffic, p.payload, p.header = ip.HopLimit, ip.TrafficClass, ip.Payload, ip.Contents
	if r := i.readAddrs6(p); r != DropNone {
		return r
	}
	return i.deliver6(ip.NextHeader, p)
}

// readAddrs6 takes the addresses from p's IPv6 header, and checks them.
func (i *Interface) readAddrs6(p *packet) DropReason {
	p.tuple.remote, p.tuple.local = [16]byte(p.header[8:24]), [16]byte(p.header[24:40])
	src, dst := netip.AddrFrom16(p.tuple.remote), netip.AddrFrom16(p.tuple.local)
	if src.Is4In6() || dst.Is4In6() { // never on the wire; would be taken for IPv4 inside
		return DropSource
	}
	return i.checkAddrs(src, dst, p)
}

// deliver6 hands on what follows the IPv6 header and its extensions.
func (i *Interface) deliver6(next layers.IPProtocol, p *packet) DropReason {
	switch next {
	case layers.IPProtocolTCP:
		return i.receiveTCP(p)
	case layers.IPProtocolICMPv6:
		return i.receiveICMPv6(p)
	case layers.IPProtocolUDP:
		return i.receiveUDP(p)
	case layers.IPProtocolNoNextHeader: // RFC 8200 §4.7: nothing follows, and nothing is answered
		return DropNone
	}
	return i.receiveRaw(p, uint8(next))
}

// checkAddrs drops what is not for us and what comes from where nothing can come from (RFC 1122 §3.2.1.3, RFC 4291
// §2.7).
func (i *Interface) checkAddrs(src, dst netip.Addr, p *packet) DropReason {
	if i.ether && !p.v4 && i.isOurs(src) && p.hops == ndpHops && p.header[6] == protoICMPv6 && len(p.payload) > 0 && p.payload[0] == typeNeighborAdvertisement && p.srcMAC != i.hw {
		i.conflict(src)
	}
	if i.isNobodys(src) || i.isOurs(src) && !p.looped {
		return DropSource
	}
	switch {
	case i.isOurs(dst):
		if p.v4 && p.toAll { // RFC 1122 §3.3.6: to one station in a frame to many
			return DropNotForUs
		}
	case dst.IsMulticast() || i.isBroadcast(dst):
		p.toAll = true
		if !i.listensTo(dst) || staysInside(dst) {
			return DropNotForUs
		}
	default:
		return DropNotForUs
	}
	if src.IsUnspecified() && !mayBeFromNobody(dst) {
		return DropSource
	}
	return DropNone
}

// solicitedNode is ff02::1:ffXX:XXXX (RFC 4291 §2.7.1).
func solicitedNode(a netip.Addr) netip.Addr {
	b := a.As16()
	return netip.AddrFrom16([16]byte{0: 0xff, 1: 2, 11: 1, 12: 0xff, 13: b[13], 14: b[14], 15: b[15]})
}
