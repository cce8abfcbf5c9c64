package iface

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"smoltls/internal/checksum"
)

// PingSocket sends ICMP echo requests of both families and receives the replies (RFC 792, RFC 4443 §4). It is opened by
// [Interface.OpenPing]; its memory belongs to the caller. What [PingSocket.TryRecv] gives is the data of a reply; its
// sequence number is Meta.Remote's port.
type PingSocket struct {
	packets
	id uint16
}

// OpenPing opens s with an identifier of its own, which is chosen at random when id is 0. Errors: [ErrInUse],
// [ErrAddrInUse] (another socket has that identifier), [ErrPortsUsedUp].
func (i *Interface) OpenPing(s *PingSocket, o PacketOwner, id uint16, cfg PacketConfig) error {
	if s.ifc != nil || s.awake {
		return ErrInUse
	}
	if id == 0 {
		start := i.rng.IntN(1 << 16)
		for k := 0; k < 1<<16 && (id == 0 || i.pings[id] != nil); k++ {
			id = uint16(start + k)
		}
		if i.pings[id] != nil {
			return fmt.Errorf("%w: of echo identifiers", ErrPortsUsedUp)
		}
	}
	if i.pings[id] != nil {
		return fmt.Errorf("%w: echo identifier %d", ErrAddrInUse, id)
	}
	s.open(i, o, cfg, i.env.Pool, s.send)
	s.id = id
	i.pings[id] = s
	return nil
}

// ID is the identifier of s's requests.
func (s *PingSocket) ID() uint16 { return s.id }

// TrySend queues an echo request with that sequence number for m.Remote's address, with a copy of data; it leaves with
// the next Egress. Errors: [ErrWouldBlock] when the queue is full, [ErrTooBig], [ErrAddress], [ErrNoRoute],
// [ErrNoSource], [ErrNotOurs] (m.Local), [ErrClosed].
func (s *PingSocket) TrySend(seq uint16, data []byte, m Meta) error {
	if s.ifc == nil {
		return ErrClosed
	}
	dst := plain(m.Remote.Addr())
	local, err := s.ifc.sourceFor(dst, plain(m.Local))
	if err != nil {
		return err
	}
	if len(data) > maxUDP(local) || s.whole && len(data) > s.ifc.room(dst)-icmpHeaderLen { // both have headers of 8 bytes
		return ErrTooBig
	}
	m.Remote, m.Local = netip.AddrPortFrom(dst, seq), local
	return s.push(m, icmpHeaderLen, data)
}

// send sends the oldest request of the queue.
func (s *PingSocket) send(i *Interface) (blocked bool) {
	b, m := s.out.Front()
	dst := m.Remote.Addr()
	clear(b[:icmpHeaderLen])
	binary.BigEndian.PutUint16(b[4:], s.id)
	binary.BigEndian.PutUint16(b[6:], m.Remote.Port())
	proto, sum := uint8(protoICMP), uint32(0)
	b[0] = icmp4Echo
	if dst.Is6() {
		proto, b[0] = protoICMPv6, icmp6Echo
		sum = pseudo(m.Local, dst, protoICMPv6, len(b))
	}
	binary.BigEndian.PutUint16(b[2:], ^checksum.Fold(checksum.Sum(b, sum)))
	return i.output(&outgoing{src: m.Local, dst: dst, proto: proto, hops: m.HopLimit, traffic: m.Traffic, whole: s.whole, body: b})
}

// Close ends s and gives its memory back. Closing twice does nothing.
func (s *PingSocket) Close() {
	if s.ifc != nil {
		delete(s.ifc.pings, s.id)
		s.shut()
	}
}

// echoReply hands an echo reply, whose checksum is good, to who asked.
func (i *Interface) echoReply(p *packet) DropReason {
	b := p.payload
	s := i.pings[binary.BigEndian.Uint16(b[4:])]
	if s == nil {
		return DropNoPort
	}
	p.tuple.remotePort = binary.BigEndian.Uint16(b[6:])
	m := Meta{Remote: p.tuple.remoteAddr(), Local: p.tuple.localAddr().Addr(), HopLimit: p.hops, Traffic: p.traffic}
	if !s.deliver(m, b[icmpHeaderLen:]) {
		return DropQueueFull
	}
	return DropNone
}
