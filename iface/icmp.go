package iface

import (
	"encoding/binary"
	"net/netip"

	"smoltls/internal/checksum"
)

// ICMP messages (RFC 792, RFC 4443).
const (
	icmp4EchoReply, icmp4Unreachable, icmp4Echo               = 0, 3, 8
	icmp4FragNeeded                                           = 4 // a code of unreachable
	icmp4TimeExceeded, icmp4ParamProblem                      = 11, 12
	icmp6Unreachable, icmp6PacketTooBig                       = 1, 2
	icmp6Echo, icmp6EchoReply                                 = 128, 129
	icmpHeaderLen                                             = 8
	icmp6Informational                                        = 128  // types from here on are no errors
	unreachableProtocol, unreachablePort                uint8 = 2, 3 // IPv4's codes
	icmp6CodePort, icmp6TimeExceeded, icmp6ParamProblem       = 4, 3, 4
	icmp6CodeHeader, icmp6CodeNextHdr, icmp6CodeOption        = 0, 1, 2 // of a parameter problem
	icmp6CodeChain                                            = 3       // RFC 7112 §5
	icmp4CodeHost, icmp6CodeAddress                           = 1, 3    // of unreachable
	icmp4CodeReassembly, icmp6CodeReassembly                  = 1, 1    // of time exceeded
)

func (i *Interface) receiveICMPv4(p *packet) DropReason {
	b := p.payload
	if len(b) < icmpHeaderLen {
		return DropMalformed
	}
	if checksum.Fold(checksum.Sum(b, 0)) != 0xffff {
		return DropChecksum
	}
	switch b[0] {
	case icmp4Echo:
		return i.echo(p, icmp4EchoReply)
	case icmp4EchoReply:
		return i.echoReply(p)
	case icmp4Unreachable, icmp4TimeExceeded, icmp4ParamProblem:
		return i.icmpError(p, b[icmpHeaderLen:], icmpNews4(b))
	}
	return DropUnknownProtocol
}

func (i *Interface) receiveICMPv6(p *packet) DropReason {
	b := p.payload
	if len(b) < icmpHeaderLen {
		return DropMalformed
	}
	if checksum.Fold(checksum.Sum(b, p.pseudo(protoICMPv6))) != 0xffff {
		return DropChecksum
	}
	switch {
	case b[0] == icmp6Echo:
		return i.echo(p, icmp6EchoReply)
	case b[0] >= typeRouterSolicitation && b[0] <= typeRedirect:
		return i.receiveNDP(p)
	case b[0] >= typeMLDQuery && b[0] <= typeMLDv1Done:
		return i.receiveMLD(p)
	case b[0] == icmp6EchoReply:
		return i.echoReply(p)
	case b[0] < icmp6Informational:
		return i.icmpError(p, b[icmpHeaderLen:], icmpNews6(b))
	}
	return DropUnknownProtocol
}

// echo answers an echo request. One to many is answered over IPv6 (RFC 4443 §4.2), where such a request does not get
// beyond the link unless somebody here has joined a larger group, and not over IPv4 (RFC 1122 §3.2.2.6 leaves it open).
func (i *Interface) echo(p *packet, answer byte) DropReason {
	if p.toAll && (p.v4 || !i.speakForOurselves(p)) {
		return DropNotForUs
	}
	if !i.icmp.take(i.now, i.rng) {
		return DropRateLimited
	}
	proto := byte(protoICMPv6)
	if p.v4 {
		proto = protoICMP
	}
	if len(p.payload) <= i.room(p.tuple.remoteAddr().Addr()) {
		if i.reply(p, proto, func(b []byte) int {
			n := copy(b, p.payload)
			b[0], b[1] = answer, 0
			i.icmpChecksum(p, b[:n])
			return n
		}) {
			i.stats.EchoReplies++
		}
		return DropNone
	}
	// It came in fragments, or over a wider path, and goes back in fragments.
	b := append(i.whole[:0], p.payload...)
	i.whole = b
	b[0], b[1] = answer, 0
	i.icmpChecksum(p, b)
	if i.output(&outgoing{src: p.tuple.localAddr().Addr(), dst: p.tuple.remoteAddr().Addr(), proto: proto, body: b}) {
		i.stats.OutDrops[DropNoBuffer]++
		return DropNone
	}
	i.stats.EchoReplies++
	return DropNone
}

func (i *Interface) icmpChecksum(p *packet, b []byte) {
	b[2], b[3] = 0, 0
	var pseudo uint32
	if !p.v4 {
		pseudo = checksum.PseudoV6(p.tuple.local, p.tuple.remote, protoICMPv6, len(b))
	}
	binary.BigEndian.PutUint16(b[2:], ^checksum.Fold(checksum.Sum(b, pseudo)))
}

// unreachable tells the sender of p that nobody is there. code is IPv4's.
func (i *Interface) unreachable(p *packet, code uint8) {
	switch {
	case p.v4:
		i.icmpErrorAbout(p, icmp4Unreachable, code, 0)
	case code == unreachablePort:
		i.icmpErrorAbout(p, icmp6Unreachable, icmp6CodePort, 0)
	default:
		i.paramProblem(p, icmp6CodeNextHdr, max(p.nextAt, nextHeaderAt))
	}
}

// paramProblem tells the sender of an IPv6 packet what in it can't be (RFC 4443 §3.4): the byte at offset at.
func (i *Interface) paramProblem(p *packet, code uint8, at int) {
	i.icmpErrorAbout(p, icmp6ParamProblem, code, uint32(at))
}

// paramProblemEvenToAll does so for packets to many too, which is for unknown options of one kind only (RFC 4443 §2.4
// (e.3)).
func (i *Interface) paramProblemEvenToAll(p *packet, code uint8, at int) {
	toOne := *p
	if p.toAll && !i.speakForOurselves(&toOne) {
		return
	}
	toOne.toAll = false
	i.paramProblem(&toOne, code, at)
}

// speakForOurselves makes p, an IPv6 packet to many, one to an address of ours, from which it can be answered (RFC 4443
// §2.2 (d)). false: there is none, or nobody to answer.
func (i *Interface) speakForOurselves(p *packet) bool {
	to := netip.AddrFrom16(p.tuple.remote)
	src, ok := i.source(to, to)
	if !ok || to.IsUnspecified() {
		return false
	}
	p.tuple.local = src.As16()
	return true
}

// icmpErrorAbout sends an ICMP error about p, unless p was for more than us, its sender is nobody, or it is an ICMP
// error itself (RFC 1122 §3.2.2, RFC 4443 §2.4 (e)). field is what stands in the second word.
func (i *Interface) icmpErrorAbout(p *packet, kind, code uint8, field uint32) {
	if p.toAll || p.tuple.remote == [16]byte{} || p.isError() {
		return
	}
	if !i.icmp.take(i.now, i.rng) {
		i.stats.OutDrops[DropRateLimited]++
		return
	}
	proto := byte(protoICMP)
	if !p.v4 {
		proto = protoICMPv6
	}
	if i.reply(p, proto, func(b []byte) int {
		b[0], b[1] = kind, code
		binary.BigEndian.PutUint32(b[4:], field)
		n := icmpHeaderLen + p.quote(b[icmpHeaderLen:])
		i.icmpChecksum(p, b[:n])
		return n
	}) {
		i.stats.ICMPErrorsOut++
	}
}

// isError: p is an ICMP error or a redirect, as far as its beginning tells.
func (p *packet) isError() bool {
	if p.v4 {
		return p.header[9] == protoICMP && len(p.payload) > 0 && p.payload[0] != icmp4Echo && p.payload[0] != icmp4EchoReply
	}
	if p.original == nil {
		return p.header[6] == protoICMPv6 && len(p.payload) > 0 && isError6(p.payload[0])
	}
	proto, at, ok := upper6(p.original)
	return ok && proto == protoICMPv6 && isError6(p.original[at])
}

func isError6(kind byte) bool { return kind < icmp6Informational || kind == typeRedirect }

// quote copies what an ICMP error tells of p: the header and 64 bits (RFC 792), or as much as the minimum MTU holds
// (RFC 4443 §3.1).
func (p *packet) quote(b []byte) int {
	if p.v4 {
		n := copy(b, p.header)
		return n + copy(b[n:], p.payload[:min(len(p.payload), 8)])
	}
	b = b[:min(len(b), maxHead)]
	if p.original != nil {
		return copy(b, p.original)
	}
	n := copy(b, p.header)
	return n + copy(b[n:], p.payload)
}
