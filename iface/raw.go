package iface

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"smoltls/internal/checksum"
)

// RawKind says what a raw socket is for: IP packets of one version and protocol, or Ethernet frames of one type.
// Exactly one of Protocol and EtherType is given; IPv4's and IPv6's EtherTypes, and ARP's, are the interface's own.
type RawKind struct {
	Version   uint8  // 4 or 6
	Protocol  uint8  // what follows the IP header; not TCP, UDP, ICMP, ICMPv6 or IGMP, which the interface takes itself
	EtherType uint16 // at least 0x0600 (IEEE 802.3 §3.2.6)
}

// RawSocket sends and receives whole IP packets of a protocol, or whole Ethernet frames of a type, that the interface
// has no use for itself. It is opened by [Interface.OpenRaw]; its memory belongs to the caller.
type RawSocket struct {
	packets
	kind RawKind
}

// OpenRaw opens s for one kind. Errors: [ErrInUse], [ErrConfig] (a kind that can't be), [ErrAddrInUse] (another socket
// has that kind).
func (i *Interface) OpenRaw(s *RawSocket, o PacketOwner, kind RawKind, cfg PacketConfig) error {
	if s.ifc != nil || s.awake {
		return ErrInUse
	}
	if err := kind.check(i.ether); err != nil {
		return err
	}
	if i.raws[kind] != nil {
		return fmt.Errorf("%w: %+v", ErrAddrInUse, kind)
	}
	s.open(i, o, cfg, i.env.Pool, s.send)
	s.kind = kind
	i.raws[kind] = s
	return nil
}

func (k RawKind) check(ether bool) error {
	switch {
	case k.EtherType != 0 && (k.Version != 0 || k.Protocol != 0):
		return fmt.Errorf("%w: a raw socket is for packets or for frames, not for both", ErrConfig)
	case k.EtherType != 0 && !ether:
		return fmt.Errorf("%w: the device carries no Ethernet frames", ErrConfig)
	case k.EtherType == etherIPv4 || k.EtherType == etherIPv6 || k.EtherType == etherARP || k.EtherType != 0 && k.EtherType < 0x0600:
		return fmt.Errorf("%w: EtherType %#04x", ErrConfig, k.EtherType)
	case k.EtherType != 0:
		return nil
	case k.Version != 4 && k.Version != 6:
		return fmt.Errorf("%w: IP version %d", ErrConfig, k.Version)
	}
	switch k.Protocol {
	case protoTCP, protoUDP, protoICMP, protoICMPv6, protoIGMP:
		return fmt.Errorf("%w: protocol %d is the interface's own", ErrConfig, k.Protocol)
	}
	return nil
}

// TrySend queues a copy of p: the whole frame with its Ethernet header and its tag if there is a VLAN, or the whole IP
// packet, whose header must be well formed and from one of our addresses; an IPv4 header's checksum is filled in. It
// leaves with the next Egress. Errors: [ErrWouldBlock] when the queue is full, [ErrTooBig] (longer than the MTU: raw
// packets are not fragmented), [ErrAddress] (a header that can't be), [ErrNotOurs], [ErrNoRoute], [ErrClosed].
func (s *RawSocket) TrySend(p []byte) error {
	i := s.ifc
	if i == nil {
		return ErrClosed
	}
	if s.kind.EtherType != 0 {
		switch {
		case len(p) < i.hdrLen || binary.BigEndian.Uint16(p[i.hdrLen-2:]) != s.kind.EtherType:
			return fmt.Errorf("%w: no Ethernet frame of type %#04x", ErrAddress, s.kind.EtherType)
		case len(p) > i.hdrLen+i.mtu:
			return ErrTooBig
		}
		return s.push(Meta{}, 0, p)
	}
	src, dst, ok := rawAddrs(p, s.kind)
	switch {
	case !ok:
		return fmt.Errorf("%w: no IPv%d header before protocol %d", ErrAddress, s.kind.Version, s.kind.Protocol)
	case len(p) > i.mtu:
		return ErrTooBig
	}
	if _, err := i.sourceFor(dst, src); err != nil {
		return err
	}
	return s.push(Meta{Local: src, Remote: netip.AddrPortFrom(dst, 0)}, 0, p)
}

// rawAddrs reads the addresses of a packet that is what k says and as long as it says.
func rawAddrs(p []byte, k RawKind) (src, dst netip.Addr, ok bool) {
	if k.Version == 4 {
		if len(p) < ipv4HeaderLen || p[0] != 0x45 || p[9] != k.Protocol || int(p[2])<<8|int(p[3]) != len(p) {
			return src, dst, false
		}
		return netip.AddrFrom4([4]byte(p[12:16])), netip.AddrFrom4([4]byte(p[16:20])), true
	}
	if len(p) < ipv6HeaderLen || p[0]>>4 != 6 || p[6] != k.Protocol || int(p[4])<<8|int(p[5]) != len(p)-ipv6HeaderLen {
		return src, dst, false
	}
	return netip.AddrFrom16([16]byte(p[8:24])), netip.AddrFrom16([16]byte(p[24:40])), true
}

// send sends the oldest packet or frame of the queue.
func (s *RawSocket) send(i *Interface) (blocked bool) {
	b, m := s.out.Front()
	if s.kind.EtherType == 0 {
		if !i.isOurs(m.Local) { // it was when the packet was queued
			i.stats.OutDrops[DropSource]++
			return false
		}
		if s.kind.Version == 4 {
			b[10], b[11] = 0, 0
			sum := ^checksum.Fold(checksum.Sum(b[:ipv4HeaderLen], 0))
			b[10], b[11] = byte(sum>>8), byte(sum)
		}
		return i.outputPacket(m.Remote.Addr(), b)
	}
	buf := i.dev.Buffer(len(b))
	if buf == nil {
		return true
	}
	copy(buf, b)
	if i.transmit(len(b)) != nil {
		i.stats.OutDrops[DropNoBuffer]++
	}
	return false
}

// Close ends s and gives its memory back. Closing twice does nothing.
func (s *RawSocket) Close() {
	if s.ifc != nil {
		delete(s.ifc.raws, s.kind)
		s.shut()
	}
}

// receiveRawFrame hands a frame whose type the interface has no use for to who wants it.
func (i *Interface) receiveRawFrame(frame []byte) DropReason {
	s := i.raws[RawKind{EtherType: binary.BigEndian.Uint16(frame[i.hdrLen-2:])}]
	if s == nil {
		return DropUnknownProtocol
	}
	if !s.deliver(Meta{}, frame) {
		return DropQueueFull
	}
	return DropNone
}

// receiveRaw hands a packet whose protocol the interface has no use for to who wants it.
func (i *Interface) receiveRaw(p *packet, protocol uint8) DropReason {
	kind := RawKind{Version: 6, Protocol: protocol}
	if p.v4 {
		kind.Version = 4
	}
	s := i.raws[kind]
	if s == nil {
		i.unreachable(p, unreachableProtocol)
		return DropUnknownProtocol
	}
	i.whole = append(append(i.whole[:0], p.header...), p.payload...)
	m := Meta{Remote: p.tuple.remoteAddr(), Local: p.tuple.localAddr().Addr(), HopLimit: p.hops, Traffic: p.traffic}
	if !s.deliver(m, i.whole) {
		return DropQueueFull
	}
	return DropNone
}
