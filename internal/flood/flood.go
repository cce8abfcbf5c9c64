package flood

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"smoltls/internal/checksum"
)

// Target is the station that is flooded, and what the flooder knows of it. All addresses are on one network, of 24 or
// 64 bits.
type Target struct {
	MAC        [6]byte
	IPv4, IPv6 netip.Addr
	Router     netip.Addr     // link-local, of a router that it uses; invalid: none
	Listening  uint16         // a TCP port on which it accepts connections
	Local      netip.AddrPort // an established connection's end, IPv4
	Remote     netip.AddrPort // and its other end
	Rand       *rand.Rand
}

// Kind is one way to flood a station.
type Kind struct {
	Name  string
	Frame func(*Target) []byte // the next frame, which the caller may keep
}

// Kinds are all ways.
var Kinds = []Kind{
	{"random bytes", (*Target).noise},
	{"random bytes behind a good IP header", (*Target).noiseInIP},
	{"fragments of IPv4", (*Target).fragment4},
	{"fragments of IPv6", (*Target).fragment6},
	{"overlapping fragments", (*Target).overlap},
	{"ARP requests", func(t *Target) []byte { return t.arp(1) }},
	{"ARP replies", func(t *Target) []byte { return t.arp(2) }},
	{"neighbour solicitations", (*Target).solicitation},
	{"neighbour advertisements", (*Target).advertisement},
	{"router advertisements", (*Target).routerAdvertisement},
	{"redirects", (*Target).redirect},
	{"echo requests", (*Target).echo},
	{"datagrams for nobody", (*Target).datagram},
	{"SYNs for nobody", func(t *Target) []byte {
		return t.segment4(t.stranger4(), uint16(t.Rand.Uint32()), t.Listening+1, 2, nil)
	}},
	{"SYNs for a listener", func(t *Target) []byte {
		return t.segment4(t.stranger4(), uint16(t.Rand.Uint32())|1, t.Listening, 2, nil)
	}},
	{"ICMP errors", (*Target).icmpError},
	{"tiny segments of the connection", (*Target).tinySegment},
	{"resets of the connection", func(t *Target) []byte { return t.ofConnection(4, nil) }},
}

func (t *Target) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(t.Rand.Uint32())
	}
	return b
}

func (t *Target) stranger4() netip.Addr {
	a := t.IPv4.As4()
	a[3] = byte(100 + t.Rand.IntN(150))
	return netip.AddrFrom4(a)
}

// stranger6 is an address on the target's own network, or link-local.
func (t *Target) stranger6(linkLocal bool) netip.Addr {
	a := t.IPv6.As16()
	if linkLocal {
		a = [16]byte{0: 0xfe, 1: 0x80}
	}
	copy(a[8:], t.bytes(8))
	return netip.AddrFrom16(a)
}

// ethernet puts a header from a station of its own before a packet.
func (t *Target) ethernet(etherType uint16, packet []byte) []byte {
	f := append(append([]byte(nil), t.MAC[:]...), 2)
	f = append(f, t.bytes(5)...)
	return append(binary.BigEndian.AppendUint16(f, etherType), packet...)
}

// ip4 is a packet to the target. field is the second word's lower half: flags and offset of fragments.
func (t *Target) ip4(src netip.Addr, proto byte, field uint16, body []byte) []byte {
	b := make([]byte, 20, 20+len(body))
	b[0], b[8], b[9] = 0x45, 64, proto
	binary.BigEndian.PutUint16(b[2:], uint16(20+len(body)))
	binary.BigEndian.PutUint16(b[4:], uint16(t.Rand.Uint32()))
	binary.BigEndian.PutUint16(b[6:], field)
	s, d := src.As4(), t.IPv4.As4()
	copy(b[12:], s[:])
	copy(b[16:], d[:])
	binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b, 0)))
	return t.ethernet(0x0800, append(b, body...))
}

func (t *Target) ip6(src, dst netip.Addr, next, hops byte, body []byte) []byte {
	b := make([]byte, 40, 40+len(body))
	b[0], b[6], b[7] = 0x60, next, hops
	binary.BigEndian.PutUint16(b[4:], uint16(len(body)))
	s, d := src.As16(), dst.As16()
	copy(b[8:], s[:])
	copy(b[24:], d[:])
	f := t.ethernet(0x86dd, append(b, body...))
	if dst.IsMulticast() {
		f[0], f[1] = 0x33, 0x33
		copy(f[2:], d[12:])
	}
	return f
}

// icmp6 is a message of neighbour discovery, or another with its hop limit.
func (t *Target) icmp6(src, dst netip.Addr, m []byte) []byte {
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, checksum.PseudoV6(src.As16(), dst.As16(), 58, len(m)))))
	return t.ip6(src, dst, 58, 255, m)
}

func (t *Target) noise() []byte {
	return t.ethernet(uint16(t.Rand.Uint32()), t.bytes(t.Rand.IntN(200)))
}

func (t *Target) noiseInIP() []byte {
	proto := [...]byte{1, 2, 6, 17, 58, 0, 43, 44, 60}[t.Rand.IntN(9)]
	if t.Rand.IntN(2) == 0 {
		return t.ip4(t.stranger4(), proto, 0, t.bytes(t.Rand.IntN(200)))
	}
	return t.ip6(t.stranger6(false), t.IPv6, proto, 255, t.bytes(t.Rand.IntN(200)))
}

const moreFragments = 1 << 13

func (t *Target) fragment4() []byte {
	return t.ip4(t.stranger4(), 17, moreFragments|uint16(t.Rand.IntN(8000)), t.bytes(8*(1+t.Rand.IntN(180))))
}

func (t *Target) fragment6() []byte {
	b := append([]byte{17, 0}, binary.BigEndian.AppendUint16(nil, uint16(8*t.Rand.IntN(8000)|1))...)
	b = append(b, t.bytes(4)...)
	return t.ip6(t.stranger6(false), t.IPv6, 44, 64, append(b, t.bytes(8*(1+t.Rand.IntN(150)))...))
}

// overlap is a fragment of one of few datagrams, that fits the others hardly ever.
func (t *Target) overlap() []byte {
	f := t.ip4(t.IPv4.Next(), 17, moreFragments|uint16(t.Rand.IntN(100)), t.bytes(8*(1+t.Rand.IntN(20))))
	ip := f[14:34]
	ip[4], ip[5], ip[10], ip[11] = 0, byte(t.Rand.IntN(50)), 0, 0
	binary.BigEndian.PutUint16(ip[10:], ^checksum.Fold(checksum.Sum(ip, 0)))
	return f
}

func (t *Target) arp(op byte) []byte {
	s, d := t.stranger4().As4(), t.IPv4.As4()
	b := append([]byte{0, 1, 8, 0, 6, 4, 0, op, 2}, t.bytes(5)...)
	return t.ethernet(0x0806, append(append(append(b, s[:]...), 0, 0, 0, 0, 0, 0), d[:]...))
}

func (t *Target) solicitation() []byte {
	m := make([]byte, 24)
	m[0] = 135
	a := t.IPv6.As16()
	copy(m[8:], a[:])
	return t.icmp6(t.stranger6(t.Rand.IntN(2) == 0), t.IPv6, append(append(m, 1, 1, 2), t.bytes(5)...))
}

func (t *Target) advertisement() []byte {
	m := make([]byte, 24)
	m[0], m[4] = 136, byte(t.Rand.IntN(8)<<5)
	from := t.stranger6(false)
	a := from.As16()
	copy(m[8:], a[:])
	return t.icmp6(from, t.IPv6, append(append(m, 2, 1, 2), t.bytes(5)...))
}

// routerAdvertisement is another router's, with another network, every time.
func (t *Target) routerAdvertisement() []byte {
	m := append([]byte{134, 0, 0, 0, 0, byte(t.Rand.IntN(4) << 3)}, 7, byte(t.Rand.IntN(3)), 0, 0, 0, 0, 0, 0, 0, 0)
	m = append(append(m, 1, 1, 2), t.bytes(5)...)
	m = append(append(m, 3, 4, 64, 0xc0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x20, 1), t.bytes(6)...)
	m = append(m, 0, 0, 0, 0, 0, 0, 0, 0)
	return t.icmp6(t.stranger6(true), netip.MustParseAddr("ff02::1"), m)
}

// redirect is one by the router, if there is one, for another address every time.
func (t *Target) redirect() []byte {
	from := t.Router
	if !from.IsValid() {
		from = t.stranger6(true)
	}
	m := make([]byte, 8)
	m[0] = 137
	target := t.stranger6(true).As16()
	m = append(append(m, target[:]...), 0x20, 2)
	m = append(m, t.bytes(14)...)
	return t.icmp6(from, t.IPv6, append(append(m, 2, 1, 2), t.bytes(5)...))
}

func (t *Target) echo() []byte {
	m := append([]byte{8, 0, 0, 0}, t.bytes(60)...)
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, 0)))
	return t.ip4(t.stranger4(), 1, 0, m)
}

func (t *Target) datagram() []byte {
	return t.ip4(t.stranger4(), 17, 0, append([]byte{9, 9, byte(t.Rand.Uint32()), 9, 0, 28, 0, 0}, t.bytes(20)...))
}

// segment4 is a TCP segment with random numbers.
func (t *Target) segment4(from netip.Addr, src, dst uint16, flags byte, data []byte) []byte {
	b := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, src), dst)
	b = append(append(b, t.bytes(8)...), 0x50, flags, 0x40, 0, 0, 0, 0, 0)
	b = append(b, data...)
	binary.BigEndian.PutUint16(b[16:], ^checksum.Fold(checksum.Sum(b, checksum.PseudoV4(from.As4(), t.IPv4.As4(), 6, len(b)))))
	return t.ip4(from, 6, 0, b)
}

// ofConnection is a segment of the established connection, as far as somebody can make one who does not see it.
func (t *Target) ofConnection(flags byte, data []byte) []byte {
	return t.segment4(t.Remote.Addr(), t.Remote.Port(), t.Local.Port(), flags, data)
}

func (t *Target) tinySegment() []byte { return t.ofConnection(0x10, t.bytes(1)) }

// icmpError is one about the established connection, with a sequence number that is guessed.
func (t *Target) icmpError() []byte {
	quoted := t.segment4(t.Local.Addr(), t.Local.Port(), t.Remote.Port(), 0x10, nil)[14:42]
	r := t.Remote.Addr().As4()
	copy(quoted[16:], r[:])
	code := byte(t.Rand.IntN(16))
	m := append([]byte{3, code, 0, 0, 0, 0, byte(t.Rand.IntN(6)), 0}, quoted...)
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, 0)))
	return t.ip4(t.stranger4(), 1, 0, m)
}
