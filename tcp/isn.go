package tcp

import (
	"crypto/sha256"
	"encoding/binary"
)

// ISN makes an initial sequence number (RFC 6528 §3): a clock of 4 µs plus a keyed hash over the connection's
// four-tuple, so that numbers can't be guessed from outside and still rise from one connection of the same four-tuple
// to the next. secret is the stack's own and never told; tuple is any unambiguous encoding of both addresses and ports.
func ISN(secret *[32]byte, tuple []byte, now Instant) Seq {
	var buf [32 + 64]byte
	n := copy(buf[:], secret[:])
	n += copy(buf[n:], tuple)
	// The secret comes first and has a fixed length. SHA-256 is not extensible to anything useful here: 4 bytes of 32
	// are seen.
	sum := sha256.Sum256(buf[:n])
	return Seq(binary.BigEndian.Uint32(sum[:])) + Seq(uint32(now/4000))
}
