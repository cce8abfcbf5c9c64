package iface

import (
	"encoding/binary"

	"smoltls/tcp"
)

// icmpNews is what an ICMP error says of a packet of ours.
type icmpNews struct {
	tooBig bool // it is longer than a link on its way takes, which takes mtu; 0: it does not say
	mtu    int

	// Otherwise: nobody there takes it, or there is no way. A hard one says that this will stay so (RFC 1122 §4.2.3.9,
	// RFC 5461 §2.1).
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
	q, ok := readQuoted(quoted, p.v4)
	if !ok || n.tooBig && !p.v4 && n.mtu < minMTU6 { // there is no such link (RFC 8201 §4)
		return DropMalformed
	}
	known := false
	if q.proto == protoTCP {
		known = i.tcpError(&q, n)
	} else {
		known = i.socketError(p, &q, n)
	}
	if !known {
		return DropNoPort
	}
	if n.tooBig {
		i.narrowed(&q, n.mtu)
	}
	i.stats.ICMPErrorsIn++
	return DropNone
}

// tcpError takes an ICMP error about a segment of ours, and reports whether it can be that: who made it up does not
// know what is outstanding (RFC 5927 §4.1).
func (i *Interface) tcpError(q *quoted, n icmpNews) bool {
	c := i.conns[q.tuple]
	seq, ok := q.seq()
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

// quoted is a packet of ours that an ICMP error quotes, as far as it does.
type quoted struct {
	proto  uint8
	tuple  tuple
	length int    // of the packet, as its IPv4 header says
	upper  []byte // what follows the IP header: the ports at least, or what stands in their place
}

// readQuoted reads the packet that an ICMP error quotes. Of a fragment only the first has ports.
func readQuoted(b []byte, v4 bool) (q quoted, ok bool) {
	at := ipv6HeaderLen
	if v4 {
		if len(b) < ipv4HeaderLen || b[0]>>4 != 4 || binary.BigEndian.Uint16(b[6:])&fragmentOffset4 != 0 {
			return q, false
		}
		at, q.proto, q.length = int(b[0]&15)*4, b[9], int(binary.BigEndian.Uint16(b[2:]))
		map4(&q.tuple.local, b[12:16])
		map4(&q.tuple.remote, b[16:20])
	} else {
		if len(b) < ipv6HeaderLen || b[0]>>4 != 6 {
			return q, false
		}
		q.proto = b[6]
		copy(q.tuple.local[:], b[8:24])
		copy(q.tuple.remote[:], b[24:40])
		if q.proto == protoFragment { // the only extension header that we send before ports
			if len(b) < at+fragmentHeaderLen || binary.BigEndian.Uint16(b[at+2:])&^7 != 0 {
				return q, false
			}
			q.proto, at = b[at], at+fragmentHeaderLen
		}
	}
	if at < ipv4HeaderLen || len(b) < at+portsLen {
		return q, false
	}
	q.upper = b[at:]
	q.tuple.localPort, q.tuple.remotePort = binary.BigEndian.Uint16(q.upper), binary.BigEndian.Uint16(q.upper[2:])
	return q, true
}

// seq reads the sequence number of a TCP segment.
func (q *quoted) seq() (tcp.Seq, bool) {
	if len(q.upper) < 8 {
		return 0, false
	}
	return tcp.Seq(binary.BigEndian.Uint32(q.upper[4:])), true
}

// echo reads the identifier of an echo request; 0, which no socket has, when it is none.
func (q *quoted) echo() uint16 {
	kind := byte(icmp6Echo)
	if q.proto == protoICMP {
		kind = icmp4Echo
	}
	if len(q.upper) < icmpHeaderLen || q.upper[0] != kind {
		return 0
	}
	return binary.BigEndian.Uint16(q.upper[4:])
}
