package checksum

import (
	"encoding/binary"
	"net/netip"
)

// PseudoV4 returns the partial of the pseudo-header that TCP and UDP put before their own over IPv4
// (RFC 9293, section 3.1): both addresses, the protocol number, and the length in bytes of the
// transport header and payload. Since partials are added, a caller that keeps the partial of
// length 0 may add each length to it.
func PseudoV4(src, dst [4]byte, protocol uint8, length int) uint32 {
	s := uint64(binary.BigEndian.Uint32(src[:])) + uint64(binary.BigEndian.Uint32(dst[:]))
	return pseudo(s, protocol, length)
}

// PseudoV6 is PseudoV4 over IPv6, where ICMPv6 has a pseudo-header too (RFC 8200, section 8.1).
func PseudoV6(src, dst [16]byte, protocol uint8, length int) uint32 {
	var s uint64
	for i := 0; i < 16; i += 4 {
		s += uint64(binary.BigEndian.Uint32(src[i:])) + uint64(binary.BigEndian.Uint32(dst[i:]))
	}
	return pseudo(s, protocol, length)
}

// Pseudo is PseudoV4 or PseudoV6, by the family of dst. Both addresses must be of that family; a
// 4-in-6 address counts as IPv4.
func Pseudo(src, dst netip.Addr, protocol uint8, length int) uint32 {
	src, dst = src.Unmap(), dst.Unmap()
	if dst.Is4() && src.Is4() {
		return PseudoV4(src.As4(), dst.As4(), protocol, length)
	}
	return PseudoV6(src.As16(), dst.As16(), protocol, length)
}

func pseudo(addresses uint64, protocol uint8, length int) uint32 {
	s := addresses + uint64(protocol) + uint64(uint32(length))
	s = s>>32 + s&0xffffffff
	s = s>>32 + s&0xffffffff
	return uint32(Fold(uint32(s)))
}
