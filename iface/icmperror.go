package iface

import (
	"encoding/binary"

	"smoltls/tcp"
)

// icmpNews is what an ICMP error says of a packet of ours.
type icmpNews struct {
	tooBig bool // it is longer than a link on its way takes, which takes mtu; 0: it does not say
	mtu    int

	// Otherwise: nobody there takes it, or there is no way. A hard one says that this will stay so (RFC 1122 §4.2.3.9, RFC 5461 §2.1).
	refused, hard bool
}

// Codes of unreachable that hosts and routers mean to last: RFC 792, RFC 1812 §5.2.7.1; RFC 4443 §3.1.
const (
	icmp4NetProhibited, icmp4HostProhibited, icmp4AdminProhibited = 9, 10, 13
	icmp6AdminProhibited                                          = 1
)

// icmpNews4 reads the ICMPv4 error b, whose header is whole.
func icmpNews4(b []byte) (n icmpNews) {
	if b[0] != icmp4Unreachable {
		return n
	}
	switch b[1] {
	case unreachableProtocol, unreachablePort:
		n.refused, n.hard = true, true
	case icmp4FragNeeded:
		n.tooBig, n.mtu = true, int(binary.BigEndian.Uint16(b[6:])) // RFC 1191 §4
	case icmp4NetProhibited, icmp4HostProhibited, icmp4AdminProhibited:
		n.hard = true
	}
	return n
}

// icmpNews6 reads the ICMPv6 error b, whose header is whole.
func icmpNews6(b []byte) (n icmpNews) {
	switch {
	case b[0] == icmp6PacketTooBig:
		n.tooBig, n.mtu = true, int(min(binary.BigEndian.Uint32(b[4:]), 1<<16)) // RFC 4443 §3.2
	case b[0] == icmp6Unreachable && b[1] == icmp6CodePort, b[0] == icmp6ParamProblem && b[1] == icmp6CodeNextHdr:
		n.refused, n.hard = true, true
	case b[0] == icmp6Unreachable && b[1] == icmp6AdminProhibited:
		n.hard = true
	}
	return n
}

// icmpError takes an ICMP error about a packet of ours, which begins with quoted.
func (i *Interface) icmpError(p *packet, quoted []byte, n icmpNews) DropReason {
	if p.toAll { // who answers to a packet of ours knows whom to tell
		return DropNotForUs
	}
	proto, t, ok := quotedTuple(quoted, p.v4)
	if !ok {
		return DropMalformed
	}
	known := false
	if proto == protoTCP {
		known = i.tcpError(quoted, &t, n)
	} else {
		known = i.socketError(p, proto, &t, quoted, n)
	}
	if !known {
		return DropNoPort
	}
	if n.tooBig {
		i.narrowed(quoted, proto, &t, n.mtu)
	}
	i.stats.ICMPErrorsIn++
	return DropNone
}

// tcpError takes an ICMP error about a segment of ours, and reports whether it can be that: who made it up does not know what is outstanding
// (RFC 5927 §4.1).
func (i *Interface) tcpError(quoted []byte, t *tuple, n icmpNews) bool {
	c := i.conns[*t]
	seq, ok := quotedSeq(quoted, t.is4())
	if c == nil || !ok || !c.Outstanding(seq) {
		return false
	}
	if n.tooBig {
		return true
	}
	err := tcp.ErrUnreachable
	if n.refused {
		err = tcp.ErrRefused
	}
	c.Unreached(err, n.hard)
	if c.State() == tcp.StateClosed {
		i.detach(c)
	}
	return true
}

// quotedTuple reads the addresses and ports of the packet that an ICMP error quotes.
func quotedTuple(b []byte, v4 bool) (proto byte, t tuple, ok bool) {
	hdr := ipv6HeaderLen
	if v4 {
		if len(b) < ipv4HeaderLen || b[0]>>4 != 4 {
			return 0, t, false
		}
		if binary.BigEndian.Uint16(b[6:])&0x1fff != 0 { // a fragment that is not the first has no ports
			return 0, t, false
		}
		hdr, proto = int(b[0]&15)*4, b[9]
		map4(&t.local, b[12:16])
		map4(&t.remote, b[16:20])
	} else {
		if len(b) < ipv6HeaderLen || b[0]>>4 != 6 {
			return 0, t, false
		}
		proto = b[6]
		copy(t.local[:], b[8:24])
		copy(t.remote[:], b[24:40])
	}
	if hdr < ipv4HeaderLen || len(b) < hdr+4 {
		return 0, t, false
	}
	t.localPort, t.remotePort = binary.BigEndian.Uint16(b[hdr:]), binary.BigEndian.Uint16(b[hdr+2:])
	return proto, t, true
}
