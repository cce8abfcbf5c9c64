package iface

import (
	"encoding/binary"

	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
)

const (
	fragmentHeaderLen = 8 // RFC 8200 §4.5
	ecnMask, ecnCE    = 3, 3
	fragmentOffset4   = 0x1fff // of IPv4's field of flags and offset (RFC 791 §3.1)
)

// receiveFragment4 takes a fragment of an IPv4 packet, and the packet itself when it is whole.
func (i *Interface) receiveFragment4(ip *layers.IPv4, p *packet) DropReason {
	f := fragment{
		key: fragKey{p.tuple.remote, p.tuple.local, uint32(ip.Id), uint8(ip.Protocol)}, from: p.origin(), head: ip.Contents,
		offset: int(ip.FragOffset) * 8, more: ip.Flags&layers.IPv4MoreFragments != 0, ce: ip.TOS&ecnMask == ecnCE, data: ip.Payload,
	}
	whole, why := i.reassembler.add(i.now, &f)
	if whole == nil {
		return why
	}
	b := append(append(i.flat[:0], whole.head...), whole.data...)
	i.flat = b
	if len(b) > maxDatagram { // the header counts too
		return DropMalformed
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	b[6], b[7] = 0, 0
	if whole.ce {
		b[1] |= ecnCE
	}
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b[:len(whole.head)], 0)))
	if !i.decoder.decodeIP(b) {
		return DropMalformed
	}
	return i.receiveIPv4(&i.decoder.ip4, p)
}

// receiveFragment6 takes a fragment of an IPv6 packet: b begins with the fragment header, which stands at offset at of
// the packet. The datagram, when it is whole, is what follows the fragment header, and of the type that next names.
func (i *Interface) receiveFragment6(p *packet, b []byte, at int) (datagram []byte, next byte, why DropReason) {
	if len(b) < fragmentHeaderLen {
		return nil, 0, DropMalformed
	}
	field := binary.BigEndian.Uint16(b[2:])
	f := fragment{
		key: fragKey{src: p.tuple.remote, dst: p.tuple.local, id: binary.BigEndian.Uint32(b[4:])}, from: p.origin(), next: b[0], head: p.original,
		offset: int(field &^ 7), more: field&1 != 0, ce: p.traffic&ecnMask == ecnCE, data: b[fragmentHeaderLen:],
	}
	switch {
	case f.offset == 0 && !f.more: // atomic: apart from all others (RFC 6946 §4)
		return f.data, f.next, DropNone
	case f.more && len(f.data)%8 != 0: // RFC 8200 §4.5, with a pointer to the packet's length
		i.paramProblem(p, icmp6CodeHeader, 4)
		return nil, 0, DropMalformed
	case f.offset+len(f.data) > maxDatagram:
		i.paramProblem(p, icmp6CodeHeader, at+2)
		return nil, 0, DropMalformed
	case f.offset == 0 && !chainIsWhole(p.original):
		i.paramProblem(p, icmp6CodeChain, 0)
		return nil, 0, DropExtensionHeader
	}
	whole, why := i.reassembler.add(i.now, &f)
	if whole == nil {
		return nil, 0, why
	}
	if whole.ce {
		p.traffic |= ecnCE
	}
	return whole.data, whole.next, DropNone
}

// chainIsWhole: the first fragment b tells what the datagram is, so that nobody on its way who looks no further can be
// deceived (RFC 8200 §4.5, RFC 7112 §5).
func chainIsWhole(b []byte) bool {
	_, _, ok := upper6(b)
	return ok
}

// expireFragments gives up datagrams whose time is over. The sender is told if the first fragment has come (RFC 1122
// §3.3.2, RFC 8200 §4.5).
func (i *Interface) expireFragments() {
	for f := i.reassembler.expired(i.now); f != nil; f = i.reassembler.expired(i.now) {
		i.stats.Drops[DropReassemblyTime]++
		if f.head == nil {
			i.reassembler.free(f)
			continue
		}
		p := &packet{srcMAC: f.from.mac, toAll: f.from.toAll, v4: f.from.v4, original: f.head, payload: f.pieces[0].data}
		p.tuple.remote, p.tuple.local = f.key.src, f.key.dst
		if p.v4 {
			p.header, p.original = f.head, nil
			i.icmpErrorAbout(p, icmp4TimeExceeded, icmp4CodeReassembly, 0)
		} else {
			i.icmpErrorAbout(p, icmp6TimeExceeded, icmp6CodeReassembly, 0)
		}
		i.reassembler.free(f)
	}
}

// origin is what an answer to p needs to know.
func (p *packet) origin() origin { return origin{p.srcMAC, p.toAll, p.v4} }
