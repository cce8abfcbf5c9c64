package checksum

import (
	"encoding/binary"
	"math/bits"
)

// Sum adds the 16-bit words of b to a partial. An odd last byte counts as if a zero followed
// (RFC 1071, section 4.1). Any uint32 is a valid initial value.
func Sum(b []byte, initial uint32) uint32 {
	if bits.UintSize == 64 {
		return finish(sum64(b), initial)
	}
	return finish(sum32(b), initial)
}

// Fold reduces a partial to the 16 bits of its one's complement sum.
func Fold(partial uint32) uint16 {
	partial = partial>>16 + partial&0xffff
	return uint16(partial>>16 + partial)
}

// Combine joins the partial of a message's first bytes with the partial of what follows them, which
// was computed as if it stood alone. After an odd number of bytes the halves of the second one's words
// have changed places (RFC 1071, section 2 (B)).
func Combine(first uint32, firstLen int, second uint32) uint32 {
	s := Fold(second)
	if firstLen&1 != 0 {
		s = bits.ReverseBytes16(s)
	}
	return uint32(Fold(first)) + uint32(s)
}

// finish turns a sum of words as the machine reads them into a partial: the sum is independent of
// byte order up to a swap of the result's bytes (RFC 1071, section 2 (B)).
func finish(native uint64, initial uint32) uint32 {
	s := native>>32 + native&0xffffffff
	s = s>>32 + s&0xffffffff
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], Fold(uint32(s)))
	return uint32(Fold(uint32(binary.BigEndian.Uint16(b[:])) + initial>>16 + initial&0xffff))
}
