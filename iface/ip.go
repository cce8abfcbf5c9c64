package iface

import (
	"encoding/binary"

	"smoltls/internal/checksum"
)

const (
	ethernetHeaderLen = 14
	ipv4HeaderLen     = 20
	ipv6HeaderLen     = 40
	defaultHopLimit   = 64

	etherIPv4 = 0x0800
	etherARP  = 0x0806
	etherIPv6 = 0x86dd
)

// putIPv4 writes a header without options before a payload of n bytes (RFC 791 §3.1). DF is set: nothing of ours is
// fragmented, and id means nothing (RFC 6864 §4.1).
func putIPv4(b []byte, proto byte, id uint16, src, dst [4]byte, n int) {
	_ = b[ipv4HeaderLen-1]
	total := uint16(ipv4HeaderLen + n)
	b[0], b[1] = 0x45, 0
	binary.BigEndian.PutUint16(b[2:], total)
	binary.BigEndian.PutUint16(b[4:], id)
	b[6], b[7] = 0x40, 0
	b[8], b[9] = defaultHopLimit, proto
	b[10], b[11] = 0, 0
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b[:ipv4HeaderLen], 0)))
}

// putIPv6 writes a header before a payload of n bytes (RFC 8200 §3).
func putIPv6(b []byte, next, hops byte, src, dst *[16]byte, n int) {
	_ = b[ipv6HeaderLen-1]
	binary.BigEndian.PutUint32(b, 6<<28)
	binary.BigEndian.PutUint16(b[4:], uint16(n))
	b[6], b[7] = next, hops
	copy(b[8:], src[:])
	copy(b[24:], dst[:])
}

// remark changes a packet's hop limit, unless hops is 0, and its traffic class.
func remark(b []byte, hops, traffic uint8) {
	if b[0]>>4 == 6 {
		b[0], b[1] = 6<<4|traffic>>4, traffic<<4|b[1]&0x0f
		if hops != 0 {
			b[7] = hops
		}
		return
	}
	b[1] = traffic
	if hops != 0 {
		b[8] = hops
	}
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b[:ipv4HeaderLen], 0)))
}
