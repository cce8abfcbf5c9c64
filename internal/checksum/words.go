package checksum

import (
	"encoding/binary"
	"math/bits"
)

// sum64 returns the one's complement sum of b in the machine's byte order, for machines with 64-bit
// registers. Each block runs two chains of additions that do not wait for each other; the carry
// out of a chain is counted instead of fed to the next block, which would have to wait for it.
func sum64(b []byte) uint64 {
	var s, t, carries uint64
	for len(b) >= 128 {
		p := (*[128]byte)(b)
		var c, d uint64
		s, c = bits.Add64(s, word(p[0:8]), 0)
		s, c = bits.Add64(s, word(p[8:16]), c)
		s, c = bits.Add64(s, word(p[16:24]), c)
		s, c = bits.Add64(s, word(p[24:32]), c)
		s, c = bits.Add64(s, word(p[32:40]), c)
		s, c = bits.Add64(s, word(p[40:48]), c)
		s, c = bits.Add64(s, word(p[48:56]), c)
		s, c = bits.Add64(s, word(p[56:64]), c)
		carries += c
		t, d = bits.Add64(t, word(p[64:72]), 0)
		t, d = bits.Add64(t, word(p[72:80]), d)
		t, d = bits.Add64(t, word(p[80:88]), d)
		t, d = bits.Add64(t, word(p[88:96]), d)
		t, d = bits.Add64(t, word(p[96:104]), d)
		t, d = bits.Add64(t, word(p[104:112]), d)
		t, d = bits.Add64(t, word(p[112:120]), d)
		t, d = bits.Add64(t, word(p[120:128]), d)
		carries += d
		b = b[128:]
	}
	var c uint64
	s, c = bits.Add64(s, t, 0)
	carries += c
	for len(b) >= 8 {
		s, c = bits.Add64(s, word(b[:8]), 0)
		carries += c
		b = b[8:]
	}
	s, c = bits.Add64(s, tail(b), 0)
	return endAround(s, carries+c)
}

// endAround adds the carries out of a 64-bit sum to it, and the carry out of that.
func endAround(s, carries uint64) uint64 {
	s, c := bits.Add64(s, carries, 0)
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

// tail returns the last 0 to 7 bytes as a word, with zeros behind them.
func tail(b []byte) uint64 {
	var last [8]byte
	copy(last[:], b)
	return word(last[:])
}
