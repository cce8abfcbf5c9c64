package iface

import (
	"encoding/binary"
	"net/netip"

	"smoltls/internal/checksum"
)

// Neighbour discovery as far as resolution needs it (RFC 4861 §7.2): solicitations and advertisements.
const (
	typeNeighborSolicitation  = 135
	typeNeighborAdvertisement = 136
	ndpLen                    = 24 // of both, without options
	ndpOptionLen              = 8  // of a link-layer address option for Ethernet
	optSourceLinkAddr         = 1
	optTargetLinkAddr         = 2
	ndpHops                   = 255 // RFC 4861 §7.1.1: nothing from beyond the link arrives with it

	flagSolicited = 0x40 // of an advertisement's first flag byte
	flagOverride  = 0x20
)

// receiveNDP takes a solicitation or an advertisement, checked as RFC 4861 §7.1.1 and §7.1.2 ask.
func (i *Interface) receiveNDP(p *packet) DropReason {
	b := p.payload
	if p.hops != ndpHops {
		return DropHopLimit
	}
	if !i.ether {
		return DropUnknownProtocol
	}
	if len(b) < ndpLen || b[1] != 0 {
		return DropMalformed
	}
	target := netip.AddrFrom16([16]byte(b[8:24]))
	mac, hasMAC, ok := linkAddrOption(b[ndpLen:], b[0])
	if !ok || target.IsMulticast() {
		return DropMalformed
	}
	sender := netip.AddrFrom16(p.tuple.remote)
	if b[0] == typeNeighborSolicitation {
		return i.receiveSolicitation(p, sender, target, mac, hasMAC)
	}
	return i.receiveAdvertisement(p, target, mac, hasMAC)
}

// receiveAdvertisement takes what a station says of itself (RFC 4861 §7.2.5).
func (i *Interface) receiveAdvertisement(p *packet, target netip.Addr, mac [6]byte, hasMAC bool) DropReason {
	flags := p.payload[4]
	if flags&flagSolicited != 0 && p.toAll { // RFC 4861 §7.1.2
		return DropMalformed
	}
	nb := i.neighbors.m[target]
	switch {
	case nb == nil: // nobody asked
		return DropNotForUs
	case !hasMAC && !nb.known: // it does not say what was asked
		return DropMalformed
	case !hasMAC:
		mac = nb.mac
	}
	switch other := nb.known && nb.mac != mac; {
	case other && flags&flagOverride == 0: // does not replace what is known, but raises a doubt
		nb.expires = min(nb.expires, i.now)
	case flags&flagSolicited != 0:
		i.learned(nb, mac)
	default:
		i.heard(nb, mac)
	}
	return DropNone
}

func (i *Interface) receiveSolicitation(p *packet, sender, target netip.Addr, mac [6]byte, hasMAC bool) DropReason {
	if sender.IsUnspecified() && (hasMAC || netip.AddrFrom16(p.tuple.local) != solicitedNode(target)) { // RFC 4861 §7.1.1
		return DropMalformed
	}
	if !i.isOurs(target) {
		return DropNotForUs
	}
	if hasMAC && i.routes.onLink(sender) {
		if nb := i.neighbors.get(sender); nb != nil {
			i.heard(nb, mac)
		}
	}
	if !hasMAC {
		mac = p.srcMAC
	}
	i.sendAdvertisement(sender, target, mac)
	return DropNone
}

// linkAddrOption finds the link-layer address option that belongs to a message of that type. ok: the options are well formed.
func linkAddrOption(b []byte, message byte) (mac [6]byte, found, ok bool) {
	want := byte(optSourceLinkAddr)
	if message == typeNeighborAdvertisement {
		want = optTargetLinkAddr
	}
	for len(b) > 0 {
		if len(b) < 2 || b[1] == 0 || int(b[1])*8 > len(b) { // RFC 4861 §4.6: a length of zero is invalid
			return mac, false, false
		}
		n := int(b[1]) * 8
		if b[0] == want && n == ndpOptionLen {
			mac, found = [6]byte(b[2:8]), true
			if mac[0]&1 != 0 {
				return mac, false, false
			}
		}
		b = b[n:]
	}
	return mac, found, true
}

// sendNeighborSolicitation asks the station that had target, or target's solicited-node group when at is nil.
func (i *Interface) sendNeighborSolicitation(target netip.Addr, at *[6]byte) {
	src, ok := i.source(target, target)
	if !ok {
		i.stats.OutDrops[DropNoRoute]++
		return
	}
	dst := solicitedNode(target)
	to := multicastMAC(dst)
	if at != nil {
		dst, to = target, *at
	}
	i.sendNDP(typeNeighborSolicitation, 0, src.As16(), dst.As16(), target, optSourceLinkAddr, to)
}

// sendAdvertisement answers sender's solicitation, or everybody when sender has no address yet (RFC 4861 §7.2.4).
func (i *Interface) sendAdvertisement(sender, target netip.Addr, to [6]byte) {
	flags, dst := byte(flagSolicited|flagOverride), sender
	if sender.IsUnspecified() {
		flags, dst = flagOverride, allNodes
		to = [6]byte{0x33, 0x33, 0, 0, 0, 1}
	}
	i.sendNDP(typeNeighborAdvertisement, flags, target.As16(), dst.As16(), target, optTargetLinkAddr, to)
}

func (i *Interface) sendNDP(message, flags byte, src, dst [16]byte, target netip.Addr, option byte, to [6]byte) {
	const length = ndpLen + ndpOptionLen
	n := i.hdrLen + ipv6HeaderLen + length
	b := i.dev.Buffer(n)
	if b == nil {
		i.stats.OutDrops[DropNoBuffer]++
		return
	}
	i.putLink(b, &to, etherIPv6)
	putIPv6(b[i.hdrLen:], protoICMPv6, ndpHops, &src, &dst, length)
	m := b[i.hdrLen+ipv6HeaderLen : n]
	clear(m)
	m[0], m[4] = message, flags
	t := target.As16()
	copy(m[8:], t[:])
	m[ndpLen], m[ndpLen+1] = option, 1
	copy(m[ndpLen+2:], i.hw[:])
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, checksum.PseudoV6(src, dst, protoICMPv6, length))))
	if i.transmit(n) != nil {
		i.stats.OutDrops[DropNoBuffer]++
	}
}
