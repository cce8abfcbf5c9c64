package iface

import (
	"encoding/binary"
	"net/netip"

	"smoltls/internal/checksum"
)

// Neighbour discovery (RFC 4861): what is common to its messages, and resolution (§7.2). Routers are in
// routeradvert.go, routers.go and redirect.go.
const (
	typeRouterSolicitation    = 133
	typeRouterAdvertisement   = 134
	typeNeighborSolicitation  = 135
	typeNeighborAdvertisement = 136
	typeRedirect              = 137
	ndpLen                    = 24  // of both, without options
	ndpOptionLen              = 8   // of a link-layer address option for Ethernet
	ndpHops                   = 255 // RFC 4861 §7.1.1: nothing from beyond the link arrives with it

	flagRouter    = 0x80 // of an advertisement's first flag byte
	flagSolicited = 0x40
	flagOverride  = 0x20
)

// receiveNDP takes a message of neighbour discovery.
func (i *Interface) receiveNDP(p *packet) DropReason {
	switch {
	case p.hops != ndpHops:
		return DropHopLimit
	case p.pieces: // RFC 6980 §5
		return DropFragmentedND
	case !i.ether:
		return DropUnknownProtocol
	}
	switch p.payload[0] {
	case typeRouterSolicitation: // RFC 4861 §6.2.6: for routers
		return DropNotForUs
	case typeRouterAdvertisement:
		return i.receiveRouterAdvert(p)
	case typeRedirect:
		return i.receiveRedirect(p)
	}
	return i.receiveNeighborMessage(p)
}

// receiveNeighborMessage takes a neighbour solicitation or advertisement, checked as RFC 4861 §7.1.1 and §7.1.2 ask.
func (i *Interface) receiveNeighborMessage(p *packet) DropReason {
	b := p.payload
	if len(b) < ndpLen || b[1] != 0 {
		return DropMalformed
	}
	target := netip.AddrFrom16([16]byte(b[8:24]))
	want := byte(optSourceLinkAddr)
	if b[0] == typeNeighborAdvertisement {
		want = optTargetLinkAddr
	}
	mac, hasMAC, ok := linkAddrOption(b[ndpLen:], want)
	if !ok || target.IsMulticast() {
		return DropMalformed
	}
	sender := netip.AddrFrom16(p.tuple.remote)
	solicitation := b[0] == typeNeighborSolicitation
	if solicitation && sender.IsUnspecified() && (hasMAC || netip.AddrFrom16(p.tuple.local) != solicitedNode(target)) { // RFC 4861 §7.1.1
		return DropMalformed
	}
	if a := i.findAddr(target); a != nil && a.state == AddrTentative {
		return i.tested(a, p)
	}
	if solicitation {
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
	case i.isOurs(target):
		if !hasMAC || mac != i.hw {
			i.conflict(target)
		}
		return DropSource
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
		return DropNone
	case flags&flagSolicited != 0:
		i.learned(nb, mac)
	default:
		i.heard(nb, mac)
	}
	if flags&flagRouter == 0 {
		i.noRouter(target)
	}
	return DropNone
}

func (i *Interface) receiveSolicitation(p *packet, sender, target netip.Addr, mac [6]byte, hasMAC bool) DropReason {
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
	if i.mayAnswer() {
		i.sendAdvertisement(sender, target, mac)
	}
	return DropNone
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
		to = multicastMAC(allNodes)
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

// sendICMPv6 sends a message, after filling in its checksum. false: the device took nothing.
func (i *Interface) sendICMPv6(src, dst netip.Addr, hops uint8, m []byte) bool {
	m[2], m[3] = 0, 0
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, pseudo(src, dst, protoICMPv6, len(m)))))
	return !i.output(&outgoing{src: src, dst: dst, proto: protoICMPv6, hops: hops, whole: true, body: m})
}
