package iface

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"smoltls/internal/checksum"
)

const udpHeaderLen = 8 // RFC 768

// UDPSocket sends and receives UDP datagrams (RFC 768, RFC 8085). It is opened by [Interface.OpenUDP]; its memory
// belongs to the caller.
type UDPSocket struct {
	packets
	local  netip.AddrPort
	remote netip.AddrPort // connected to; zero: to nobody
	groups []netip.Addr   // multicast groups that it hears
	seeks  bool           // opened by OpenSeekerUDP
}

// OpenUDP binds s to local: one of our addresses, or unspecified (IPv4's for every IPv4 address of ours, IPv6's for
// every address of both families), and a port, which is chosen at random when it is 0. Errors: [ErrInUse],
// [ErrAddress], [ErrNotOurs], [ErrAddrInUse], [ErrPortsUsedUp].
func (i *Interface) OpenUDP(s *UDPSocket, o PacketOwner, local netip.AddrPort, cfg PacketConfig) error {
	if s.ifc != nil || s.awake {
		return ErrInUse
	}
	a := plain(local.Addr())
	switch {
	case !a.IsValid():
		return fmt.Errorf("%w: %v", ErrAddress, local)
	case !a.IsUnspecified() && !i.isOurs(a):
		return fmt.Errorf("%w: %v", ErrNotOurs, a)
	}
	local = netip.AddrPortFrom(a, local.Port())
	if local.Port() == 0 {
		port, err := i.freeUDPPort(a)
		if err != nil {
			return err
		}
		local = netip.AddrPortFrom(a, port)
	}
	if _, taken := i.udp[local]; taken {
		return fmt.Errorf("%w: %v", ErrAddrInUse, local)
	}
	s.open(i, o, cfg, i.env.Pool, s.send)
	s.local, s.remote, s.groups, s.seeks = local, netip.AddrPort{}, nil, false
	i.udp[local] = s
	return nil
}

func (i *Interface) freeUDPPort(a netip.Addr) (uint16, error) {
	start := i.rng.IntN(i.ports.count) // RFC 6056 §3.3.1
	for k := range i.ports.count {
		port := i.ports.at(start + k)
		if !i.udpPortTaken(a, port) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("%w: for UDP on %v", ErrPortsUsedUp, a)
}

// udpPortTaken: a socket bound to that port of a would get what is for another one, or the other way round.
func (i *Interface) udpPortTaken(a netip.Addr, port uint16) bool {
	has := func(b netip.Addr) bool { return i.udp[netip.AddrPortFrom(b, port)] != nil }
	return has(a) || has(netip.IPv4Unspecified()) || has(netip.IPv6Unspecified()) || a.IsUnspecified() && slices.ContainsFunc(i.ours, has)
}

// LocalAddr is what s is bound to.
func (s *UDPSocket) LocalAddr() netip.AddrPort { return s.local }

// Connect makes remote the one that s talks to: others are not heard, TrySend needs no address, and what ICMP says of
// datagrams of s is told as an [*ICMPError], [ErrRefused] among them. The zero AddrPort undoes it. Errors: [ErrClosed],
// [ErrAddress].
func (s *UDPSocket) Connect(remote netip.AddrPort) error {
	if s.ifc == nil {
		return ErrClosed
	}
	if remote.IsValid() {
		if remote.Port() == 0 || remote.Addr().IsUnspecified() {
			return fmt.Errorf("%w: %v", ErrAddress, remote)
		}
		remote = plainPort(remote)
	}
	s.remote = remote
	return nil
}

// TrySend queues p for the one that s is connected to. Errors: [ErrAddress] when s is not connected, and those of
// TrySendTo.
func (s *UDPSocket) TrySend(p []byte) error { return s.TrySendTo(p, Meta{Remote: s.remote}) }

// TrySendTo queues a copy of p for m.Remote; it leaves with the next Egress, in fragments when it is longer than the
// MTU. Errors: [ErrWouldBlock] when the queue is full, [ErrTooBig], [ErrAddress], [ErrNoRoute], [ErrNoSource],
// [ErrNotOurs] (m.Local), [ErrClosed], and what ICMP told since the last call.
func (s *UDPSocket) TrySendTo(p []byte, m Meta) error {
	if s.ifc == nil {
		return ErrClosed
	}
	m.Remote, m.Local = plainPort(m.Remote), plain(m.Local)
	if m.Remote.Port() == 0 || m.Local.IsValid() && m.Local.Is4() != m.Remote.Addr().Is4() {
		return fmt.Errorf("%w: %v", ErrAddress, m.Remote)
	}
	if !m.Local.IsValid() && !s.local.Addr().IsUnspecified() {
		m.Local = s.local.Addr()
	}
	local, err := m.Local, error(nil)
	if !s.sendsFromNobody(&m) {
		local, err = s.ifc.sourceFor(m.Remote.Addr(), m.Local)
	}
	if err != nil {
		return err
	}
	if m.Local = local; len(p) > maxUDP(local) || s.whole && len(p) > s.ifc.room(m.Remote.Addr())-udpHeaderLen {
		return ErrTooBig
	}
	return s.push(m, udpHeaderLen, p)
}

// maxUDP is the longest payload of a datagram: IPv4's total length has the header in it, IPv6's payload length has not.
func maxUDP(a netip.Addr) int {
	if a.Is4() {
		return maxDatagram - ipv4HeaderLen - udpHeaderLen
	}
	return maxDatagram - udpHeaderLen
}

// SourceFor gives the address that packets to dst come from, when none is asked for (RFC 6724 §5). Errors:
// [ErrAddress], [ErrNoRoute], [ErrNoSource].
func (i *Interface) SourceFor(dst netip.Addr) (netip.Addr, error) {
	return i.sourceFor(plain(dst), netip.Addr{})
}

// sourceFor gives our address for packets to dst: from, if it is valid, or else the one that fits best.
func (i *Interface) sourceFor(dst, from netip.Addr) (netip.Addr, error) {
	if !dst.IsValid() || dst.IsUnspecified() || staysInside(dst) {
		return from, fmt.Errorf("%w: %v", ErrAddress, dst)
	}
	hop, ok := dst, true
	if !dst.IsMulticast() && !i.isBroadcast(dst) && !i.isOurs(dst) {
		hop, ok = i.nextHop(dst)
	}
	switch {
	case !ok:
		return from, fmt.Errorf("%w: %v", ErrNoRoute, dst)
	case from.IsValid() && !i.isOurs(from):
		return from, fmt.Errorf("%w: %v", ErrNotOurs, from)
	case from.IsValid() && from.Is4() != dst.Is4():
		return from, fmt.Errorf("%w: for %v", ErrNoSource, dst)
	case from.IsValid():
		return from, nil
	}
	src, ok := i.source(dst, hop)
	if !ok {
		return src, fmt.Errorf("%w: for %v", ErrNoSource, dst)
	}
	return src, nil
}

// send sends the oldest datagram of the queue.
func (s *UDPSocket) send(i *Interface) (blocked bool) {
	b, m := s.out.Front()
	binary.BigEndian.PutUint16(b, s.local.Port())
	binary.BigEndian.PutUint16(b[2:], m.Remote.Port())
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	b[6], b[7] = 0, 0
	sum := ^checksum.Fold(checksum.Sum(b, pseudo(m.Local, m.Remote.Addr(), protoUDP, len(b))))
	if sum == 0 { // RFC 768: 0 says that there is none
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(b[6:], sum)
	return i.output(&outgoing{src: m.Local, dst: m.Remote.Addr(), proto: protoUDP, hops: m.HopLimit, traffic: m.Traffic, whole: s.whole, body: b})
}

// pseudo is the partial sum of a pseudo-header.
func pseudo(src, dst netip.Addr, proto byte, n int) uint32 {
	if src.Is4() {
		return checksum.PseudoV4(src.As4(), dst.As4(), proto, n)
	}
	return checksum.PseudoV6(src.As16(), dst.As16(), proto, n)
}

// Close ends s and gives its memory back. Closing twice does nothing.
func (s *UDPSocket) Close() {
	if s.ifc != nil {
		for _, g := range s.groups {
			s.ifc.leaveGroup(g, true)
		}
		s.groups = nil
		if s.seeks {
			s.ifc.seekers--
		}
		delete(s.ifc.udp, s.local)
		s.shut()
	}
}

// receiveUDP finds the socket of a datagram.
func (i *Interface) receiveUDP(p *packet) DropReason {
	b := p.payload
	if len(b) < udpHeaderLen {
		return DropMalformed
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	if n < udpHeaderLen || n > len(b) {
		return DropMalformed
	}
	b = b[:n]
	switch sum := binary.BigEndian.Uint16(b[6:]); {
	case sum == 0 && !p.v4: // RFC 8200 §8.1
		return DropChecksum
	case sum != 0 && !p.summed && checksum.Fold(checksum.Sum(b, p.pseudoOf(protoUDP, n))) != 0xffff:
		return DropChecksum
	}
	t := &p.tuple
	t.remotePort, t.localPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	remote := t.remoteAddr()
	s := i.udpSocket(t.localAddr(), remote, p.toAll)
	if s == nil {
		i.unreachable(p, unreachablePort)
		return DropNoPort
	}
	if dst := t.localAddr().Addr(); p.toAll && dst.IsMulticast() && !s.hears(dst) {
		return DropNotForUs
	}
	if !s.deliver(Meta{Remote: remote, Local: t.localAddr().Addr(), HopLimit: p.hops, Traffic: p.traffic}, b[udpHeaderLen:]) {
		return DropQueueFull
	}
	return DropNone
}

// udpSocket finds who is bound to local, and not connected to another than remote: the exact address first, then every
// address of its family, then every address. What was for many goes to those that are bound to none in particular.
func (i *Interface) udpSocket(local, remote netip.AddrPort, toAll bool) *UDPSocket {
	at := func(a netip.Addr) *UDPSocket {
		s := i.udp[netip.AddrPortFrom(a, local.Port())]
		if s != nil && s.remote.IsValid() && s.remote != remote {
			return nil
		}
		return s
	}
	if s := at(local.Addr()); s != nil && !toAll {
		return s
	}
	if s := at(netip.IPv4Unspecified()); s != nil && local.Addr().Is4() {
		return s
	}
	return at(netip.IPv6Unspecified())
}
