package iface

import (
	"fmt"
	"net/netip"
)

// ICMPError is what a router, or the other end, has said of a packet that a socket for datagrams has sent (RFC 1122
// §4.1.3.3, RFC 4443 §3). errors.Is finds in it [ErrRefused], [ErrTooBig], [ErrHopLimit] or [ErrUnreachable].
type ICMPError struct {
	Type, Code uint8      // of ICMP, or of ICMPv6 if To is an IPv6 address
	From       netip.Addr // who says so; one of our own addresses: the next hop does not answer to ARP or neighbour discovery
	To         netip.Addr // where the packet was to go
	MTU        int        // with ErrTooBig: the longest packet that gets on; 0: it does not say
	news       icmpNews
}

// Error says what ICMP said.
func (e *ICMPError) Error() string {
	return fmt.Sprintf("iface: %v says of a packet to %v: %v (ICMP type %d, code %d)", e.From, e.To, e.kind(), e.Type, e.Code)
}

// Is makes errors.Is find what the message means.
func (e *ICMPError) Is(target error) bool { return target == e.kind() }

func (e *ICMPError) kind() error {
	timeExceeded := byte(icmp6TimeExceeded)
	if e.To.Is4() {
		timeExceeded = icmp4TimeExceeded
	}
	switch {
	case e.news.tooBig:
		return ErrTooBig
	case e.news.refused:
		return ErrRefused
	case e.Type == timeExceeded:
		return ErrHopLimit
	}
	return ErrUnreachable
}

// socketError tells the socket for datagrams whose packet an ICMP error quotes. It reports whether there is one: what
// nobody here can have sent is not believed.
func (i *Interface) socketError(p *packet, q *quoted, n icmpNews) bool {
	var s *packets
	t := &q.tuple
	switch q.proto {
	case protoUDP: // who is connected to where it was for hears of it, nobody else
		u := i.udpSocket(t.localAddr(), t.remoteAddr(), false)
		if u != nil && !u.remote.IsValid() && n.tooBig {
			return u.learnsPath(t)
		}
		if u != nil && u.remote.IsValid() {
			s = &u.packets
		}
	case protoICMP, protoICMPv6:
		if g := i.pings[q.echo()]; g != nil {
			s = &g.packets
		}
	default:
		kind := RawKind{Version: 6, Protocol: q.proto}
		if p.v4 {
			kind.Version = 4
		}
		if r := i.raws[kind]; r != nil {
			s = &r.packets
		}
	}
	if s == nil || !i.isOurs(t.localAddr().Addr()) {
		return false
	}
	if s.err == nil && !(n.tooBig && !s.whole) { // what may be fragmented is, from now on
		s.fail(&ICMPError{Type: p.payload[0], Code: p.payload[1], From: p.tuple.remoteAddr().Addr(), To: t.remoteAddr().Addr(), MTU: n.mtu, news: n})
	}
	return true
}

// learnsPath reports whether it is believed that a packet that s, which talks to anybody, may have sent was too long.
// IPv6's are never cut on their way, so without that they would vanish for ever (RFC 8201 §5.1); IPv4's are unless s
// forbids it.
func (s *UDPSocket) learnsPath(t *tuple) bool {
	return (s.whole || !t.is4()) && s.ifc.isOurs(t.localAddr().Addr())
}
