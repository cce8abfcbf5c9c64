package checksum

import (
	"encoding/binary"
	"math/bits"
)

// sum64 returns the one's complement sum of b in the machine's byte order, for machines with 64-bit
// registers. Each block is a chain of additions of its own, which starts without a carry and brings
// its last one around: the processor runs several blocks at once, since only the last two additions
// wait for the block before.
func sum64(b []byte) uint64 {
	var s, carries, c uint64
	for len(b) >= 64 {
		p := (*[64]byte)(b)
		x, c := bits.Add64(word(p[0:8]), word(p[8:16]), 0)
		x, c = bits.Add64(x, word(p[16:24]), c)
		x, c = bits.Add64(x, word(p[24:32]), c)
		x, c = bits.Add64(x, word(p[32:40]), c)
		x, c = bits.Add64(x, word(p[40:48]), c)
		x, c = bits.Add64(x, word(p[48:56]), c)
		x, c = bits.Add64(x, word(p[56:64]), c)
		x += c // can't overflow: words that all are ones add up to ...fe and a carry
		s, c = bits.Add64(s, x, 0)
		carries += c
		b = b[64:]
	}
	if len(b) >= 32 {
		p := (*[32]byte)(b)
		s, c = bits.Add64(s, word(p[0:8]), 0)
		s, c = bits.Add64(s, word(p[8:16]), c)
		s, c = bits.Add64(s, word(p[16:24]), c)
		s, c = bits.Add64(s, word(p[24:32]), c)
		carries += c
		b = b[32:]
	}
	for len(b) >= 8 {
		s, c = bits.Add64(s, word(b), 0)
		carries += c
		b = b[8:]
	}
	s, c = bits.Add64(s, tail(b), 0)
	s, c = bits.Add64(s, carries+c, 0)
	return s + c
}

// sum32 is sum64 for machines with 32-bit registers: 32-bit words into a 64-bit sum, which would
// need 16 GiB to overflow.
func sum32(b []byte) uint64 {
	var s uint64
	for len(b) >= 16 {
		p := (*[16]byte)(b)
		s += uint64(binary.NativeEndian.Uint32(p[0:4]))
		s += uint64(binary.NativeEndian.Uint32(p[4:8]))
		s += uint64(binary.NativeEndian.Uint32(p[8:12]))
		s += uint64(binary.NativeEndian.Uint32(p[12:16]))
		b = b[16:]
	}
	for len(b) >= 4 {
		s += uint64(binary.NativeEndian.Uint32(b))
		b = b[4:]
	}
	return s + tail(b)
}

func word(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }

// tail sums the last 0 to 7 bytes, an odd one with a zero behind it.
func tail(b []byte) (s uint64) {
	if len(b) >= 4 {
		s = uint64(binary.NativeEndian.Uint32(b))
		b = b[4:]
	}
	if len(b) >= 2 {
		s += uint64(binary.NativeEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) >= 1 {
		last := [2]byte{b[0], 0}
		s += uint64(binary.NativeEndian.Uint16(last[:]))
	}
	return s
}
