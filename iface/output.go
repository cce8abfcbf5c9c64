package iface

import (
	"encoding/binary"
	"net/netip"

	"smoltls/internal/checksum"
)

// outgoing is an IP packet of ours that is not TCP's: what stands in its header, and all that follows it.
type outgoing struct {
	src, dst netip.Addr
	proto    uint8
	hops     uint8 // 0: the default
	traffic  uint8 // DSCP and ECN
	whole    bool  // may not be fragmented
	body     []byte
}

// part is a piece of a packet's body that is sent in a packet of its own.
type part struct {
	from, to int
	id       uint32
	fragment bool
	more     bool
}

func (o *outgoing) headerLen() int {
	if o.dst.Is4() {
		return ipv4HeaderLen
	}
	return ipv6HeaderLen
}

// output sends o, in fragments if it is longer than our MTU. blocked: the device takes no frame now, and nothing was
// sent. What can't be sent for another reason is counted.
func (i *Interface) output(o *outgoing) (blocked bool) {
	if !o.src.IsUnspecified() && !i.isOurs(o.src) { // it was when the packet was made (RFC 4862 §5.5.4)
		i.stats.OutDrops[DropSource]++
		return false
	}
	room := i.pathMTUTo(o.dst) - o.headerLen()
	p := part{to: len(o.body)}
	if len(o.body) <= room {
		return i.outputPart(o, p)
	}
	if o.whole {
		i.stats.OutDrops[DropTooBig]++
		return false
	}
	if o.dst.Is6() {
		room -= fragmentHeaderLen
	}
	room &^= 7 // RFC 791 §3.2, RFC 8200 §4.5: all but the last are multiples of 8
	p = part{id: i.fragmentID(o), fragment: true}
	for p.from < len(o.body) {
		p.to = min(p.from+room, len(o.body))
		p.more = p.to < len(o.body)
		if i.outputPart(o, p) {
			if p.from == 0 {
				return true
			}
			i.stats.OutDrops[DropNoBuffer]++ // and so are the ones after it: without this one they are worth nothing
			return false
		}
		p.from = p.to
	}
	return false
}

// fragmentID is what all fragments of a packet have in common. IPv6's can't be guessed (RFC 7739).
func (i *Interface) fragmentID(o *outgoing) uint32 {
	if o.dst.Is4() {
		return uint32(i.identify(o))
	}
	return i.rng.Uint32()
}

// identify gives a packet over IPv4 that may be fragmented its identification.
func (i *Interface) identify(o *outgoing) uint16 {
	return i.flows.identify(checksum.PseudoV4(o.src.As4(), o.dst.As4(), o.proto, 0))
}

// outputPart sends one packet of o.
func (i *Interface) outputPart(o *outgoing, p part) (blocked bool) {
	t := i.begin(o.dst, o.partLen(p))
	if t.packet == nil {
		return t.blocked
	}
	i.putPart(t.packet, o, p)
	i.end(&t)
	return false
}

// outputPacket sends a whole IP packet to dst.
func (i *Interface) outputPacket(dst netip.Addr, packet []byte) (blocked bool) {
	t := i.begin(dst, len(packet))
	if t.packet == nil {
		return t.blocked
	}
	copy(t.packet, packet)
	i.end(&t)
	return false
}

// transmission is a packet on its way out: where it is to be written, and where it goes.
type transmission struct {
	packet  []byte // nil: nowhere
	frame   []byte // the device's, around packet; nil: it stays here for now
	mac     [6]byte
	blocked bool // the device takes no frame now
}

// begin finds the way of a packet of n bytes to dst: to ourselves, or to the station that is the next hop, which holds
// it while it is being asked for. What has no way is counted.
func (i *Interface) begin(dst netip.Addr, n int) (t transmission) {
	if i.isOurs(dst) {
		if t.packet = i.loop.push(n); t.packet == nil {
			i.stats.OutDrops[DropLoopFull]++
		}
		return t
	}
	if i.ether {
		mac, nb, why := i.linkAddr(dst)
		if why != DropNone {
			i.stats.OutDrops[why]++
			return t
		}
		if nb != nil {
			if t.packet = nb.hold(i, n); t.packet == nil {
				i.stats.OutDrops[DropNoNeighbor]++
			}
			return t
		}
		t.mac = mac
	}
	if t.frame = i.dev.Buffer(i.hdrLen + n); t.frame == nil {
		t.blocked = true
		return t
	}
	t.packet = t.frame[i.hdrLen : i.hdrLen+n]
	return t
}

// end sends a packet that has been written, if it goes to the device.
func (i *Interface) end(t *transmission) {
	if t.frame == nil {
		return
	}
	if i.ether {
		i.putIPLink(t.frame, &t.mac, t.packet[0]>>4 == 4)
	}
	if i.transmit(i.hdrLen+len(t.packet)) != nil {
		i.stats.OutDrops[DropNoBuffer]++
	}
}

// linkAddr gives the hardware address for packets to dst, or the neighbour that is being asked for it.
func (i *Interface) linkAddr(dst netip.Addr) (mac [6]byte, ask *neighbor, why DropReason) {
	switch {
	case i.isBroadcast(dst):
		return broadcastMAC, nil, DropNone
	case dst.IsMulticast():
		return multicastMAC(dst), nil, DropNone
	}
	hop, ok := i.nextHop(dst)
	if !ok {
		return mac, nil, DropNoRoute
	}
	nb := i.neighbors.get(hop)
	if nb == nil {
		return mac, nil, DropNeighborsFull
	}
	nb.used = i.now
	if !i.reach(nb) {
		return mac, nb, DropNone
	}
	return nb.mac, nil, DropNone
}

// multicastMAC is a group's hardware address (RFC 1112 §6.4, RFC 2464 §7).
func multicastMAC(group netip.Addr) [6]byte {
	if group.Is4() {
		b := group.As4()
		return [6]byte{0x01, 0x00, 0x5e, b[1] & 0x7f, b[2], b[3]}
	}
	b := group.As16()
	return [6]byte{0x33, 0x33, b[12], b[13], b[14], b[15]}
}

// partLen is the length of p's packet.
func (o *outgoing) partLen(p part) int {
	n := o.headerLen() + p.to - p.from
	if p.fragment && o.dst.Is6() {
		n += fragmentHeaderLen
	}
	return n
}

// putPart writes p's packet.
func (i *Interface) putPart(b []byte, o *outgoing, p part) {
	hops, n := o.hops, p.to-p.from
	switch {
	case hops != 0:
	case o.dst.IsMulticast(): // RFC 1112 §6.1
		hops = 1
	case o.dst.Is4():
		hops = defaultHopLimit
	default:
		hops = i.hopLimit
	}
	if o.dst.Is4() {
		putIPv4(b, o.proto, 0, o.src.As4(), o.dst.As4(), n)
		b[1], b[8] = o.traffic, hops
		if !o.whole {
			i.putFragment4(b, o, p)
		}
		b[10], b[11] = 0, 0
		binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b[:ipv4HeaderLen], 0)))
		copy(b[ipv4HeaderLen:], o.body[p.from:p.to])
		return
	}
	src, dst, next, length := o.src.As16(), o.dst.As16(), o.proto, n
	if p.fragment {
		next, length = protoFragment, n+fragmentHeaderLen
	}
	putIPv6(b, next, hops, &src, &dst, length)
	b[0], b[1] = 6<<4|o.traffic>>4, o.traffic<<4
	putLabel(b, i.flows.packetLabel(o.proto, checksum.PseudoV6(src, dst, o.proto, 0), o.body))
	at := ipv6HeaderLen
	if p.fragment {
		putFragment6(b[at:], o.proto, p)
		at += fragmentHeaderLen
	}
	copy(b[at:], o.body[p.from:p.to])
}

// putFragment4 writes what tells a fragment from a packet, and allows routers to make some.
func (i *Interface) putFragment4(b []byte, o *outgoing, p part) {
	field, id := uint16(p.from/8), uint16(p.id)
	if p.more {
		field |= 1 << 13
	}
	if !p.fragment {
		id = i.identify(o)
	}
	binary.BigEndian.PutUint16(b[4:], id)
	binary.BigEndian.PutUint16(b[6:], field)
}

// putFragment6 writes a fragment header (RFC 8200 §4.5).
func putFragment6(b []byte, next byte, p part) {
	field := uint16(p.from)
	if p.more {
		field |= 1
	}
	b[0], b[1] = next, 0
	binary.BigEndian.PutUint16(b[2:], field)
	binary.BigEndian.PutUint32(b[4:], p.id)
}
