package ccm

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"math"
)

const (
	blockSize = 16
	// keystreamSize bytes of the key stream are made at a time: enough to make the
	// call of XORBytes cheap, small enough to keep in every AEAD.
	keystreamSize = 8 * blockSize
)

// Errors of New and Open.
var (
	// ErrParameter: the block cipher, the nonce size or the tag size is not one of
	// CCM's.
	ErrParameter = errors.New("ccm: block size, nonce size or tag size out of range")
	// ErrOpen: the message is not authentic, or it is too short or too long to be, or
	// the nonce has the wrong length.
	ErrOpen = errors.New("ccm: message authentication failed")
)

// AEAD is a block cipher in CCM mode. It implements cipher.AEAD.
//
// Unlike the AEADs of crypto/cipher an AEAD keeps the state of the message under way
// in itself, so that Seal and Open allocate nothing beyond what dst lacks. It must not
// be used by two goroutines at once.
type AEAD struct {
	block     cipher.Block
	nonceSize int
	tagSize   int
	mac       [blockSize]byte // the CBC-MAC so far
	counter   [blockSize]byte // A_0 of the message: flags, nonce, counter 0
	pad       [blockSize]byte // S_0, which encrypts the tag; or the tag
	keystream [keystreamSize]byte
}

// New returns block in CCM mode. The nonce size is 7 to 13 bytes (12 in TLS) and limits
// the length of a message to 2^(8 × (15 - nonceSize)) - 1 bytes; the tag size is 4, 6,
// ... 16 bytes (16 or 8 in TLS). It fails with ErrParameter.
func New(block cipher.Block, nonceSize, tagSize int) (*AEAD, error) {
	if block.BlockSize() != blockSize || nonceSize < 7 || nonceSize > 13 ||
		tagSize < 4 || tagSize > 16 || tagSize%2 != 0 {
		return nil, ErrParameter
	}
	return &AEAD{block: block, nonceSize: nonceSize, tagSize: tagSize}, nil
}

// NonceSize returns the length of the nonce in bytes.
func (c *AEAD) NonceSize() int { return c.nonceSize }

// Overhead returns the length of the tag in bytes.
func (c *AEAD) Overhead() int { return c.tagSize }

// maxLength returns the length of the longest message: the greatest number that the
// length field of L = 15 - nonceSize bytes can hold.
func (c *AEAD) maxLength() uint64 {
	if l := 15 - c.nonceSize; l < 8 {
		return 1<<(8*l) - 1
	}
	return math.MaxUint64
}

// Seal encrypts and authenticates plaintext, authenticates data and appends the result
// to dst. plaintext[:0] as dst seals in place. As every cipher.AEAD it panics if the
// nonce has the wrong length, if plaintext is too long for the nonce size or if dst
// overlaps plaintext in any other way: it has no other means of refusing.
func (c *AEAD) Seal(dst, nonce, plaintext, data []byte) []byte {
	if len(nonce) != c.nonceSize {
		panic("ccm: nonce of the wrong length")
	}
	if uint64(len(plaintext)) > c.maxLength() {
		panic("ccm: message too long")
	}
	result, out := grow(dst, len(plaintext)+c.tagSize)
	if inexactOverlap(out, plaintext) || overlap(out, data) {
		panic("ccm: invalid buffer overlap")
	}
	c.start(nonce, len(plaintext), data)
	counter := uint64(1)
	for len(plaintext) > 0 {
		n := min(len(plaintext), keystreamSize)
		c.authenticate(plaintext[:n])
		counter = c.fill(n, counter)
		subtle.XORBytes(out, plaintext[:n], c.keystream[:n])
		plaintext, out = plaintext[n:], out[n:]
	}
	subtle.XORBytes(out, c.mac[:c.tagSize], c.pad[:])
	return result
}

// Open decrypts ciphertext, which ends in its tag, verifies it and data, and appends the
// plaintext to dst. ciphertext[:0] as dst opens in place; any other overlap panics, as
// in every cipher.AEAD. On failure, which is always ErrOpen, the bytes beyond dst where
// the plaintext would have been are zero.
func (c *AEAD) Open(dst, nonce, ciphertext, data []byte) ([]byte, error) {
	if len(nonce) != c.nonceSize || len(ciphertext) < c.tagSize ||
		uint64(len(ciphertext)-c.tagSize) > c.maxLength() {
		return nil, ErrOpen
	}
	result, out := grow(dst, len(ciphertext)-c.tagSize)
	if inexactOverlap(out, ciphertext) || overlap(out, data) {
		panic("ccm: invalid buffer overlap")
	}
	ciphertext, tag := ciphertext[:len(out)], ciphertext[len(out):]
	c.start(nonce, len(ciphertext), data)
	counter := uint64(1)
	for rest := out; len(rest) > 0; {
		n := min(len(rest), keystreamSize)
		counter = c.fill(n, counter)
		subtle.XORBytes(rest, ciphertext[:n], c.keystream[:n])
		c.authenticate(rest[:n])
		ciphertext, rest = ciphertext[n:], rest[n:]
	}
	subtle.XORBytes(c.pad[:], c.mac[:], c.pad[:])
	if subtle.ConstantTimeCompare(c.pad[:c.tagSize], tag) != 1 {
		clear(out)
		return nil, ErrOpen
	}
	return result, nil
}

// start prepares counter and pad and begins the CBC-MAC with B_0 and the additional
// data (RFC 3610 §2.2, §2.3).
func (c *AEAD) start(nonce []byte, length int, data []byte) {
	l := 15 - c.nonceSize
	c.counter = [blockSize]byte{byte(l - 1)}
	copy(c.counter[1:], nonce)
	c.block.Encrypt(c.pad[:], c.counter[:])

	// B_0 is flags, nonce, length; the nonce hides the upper bytes of the length, which
	// are zero.
	binary.BigEndian.PutUint64(c.mac[8:], uint64(length))
	flags := byte(l-1) | byte((c.tagSize-2)/2)<<3
	if len(data) > 0 {
		flags |= 1 << 6
	}
	c.mac[0] = flags
	copy(c.mac[1:], nonce)
	c.block.Encrypt(c.mac[:], c.mac[:])
	if len(data) > 0 {
		c.authenticateData(data)
	}
}

// authenticateData adds the additional data, preceded by its length, to the CBC-MAC.
func (c *AEAD) authenticateData(data []byte) {
	var first [10]byte
	var prefix []byte
	switch n := uint64(len(data)); {
	case n < 1<<16-1<<8:
		prefix = binary.BigEndian.AppendUint16(first[:0], uint16(n))
	case n < 1<<32:
		prefix = binary.BigEndian.AppendUint32(append(first[:0], 0xff, 0xfe), uint32(n))
	default:
		prefix = binary.BigEndian.AppendUint64(append(first[:0], 0xff, 0xff), n)
	}
	n := min(len(data), blockSize-len(prefix))
	subtle.XORBytes(c.mac[:], c.mac[:len(prefix)], prefix)
	subtle.XORBytes(c.mac[len(prefix):], c.mac[len(prefix):len(prefix)+n], data[:n])
	c.block.Encrypt(c.mac[:], c.mac[:])
	c.authenticate(data[n:])
}

// authenticate adds p, padded with zeros to whole blocks, to the CBC-MAC.
func (c *AEAD) authenticate(p []byte) {
	mac := c.mac[:]
	for len(p) >= blockSize {
		subtle.XORBytes(mac, mac, p[:blockSize])
		c.block.Encrypt(mac, mac)
		p = p[blockSize:]
	}
	if len(p) > 0 {
		subtle.XORBytes(mac, mac[:len(p)], p)
		c.block.Encrypt(mac, mac)
	}
}

// fill makes the n bytes of key stream, rounded up to whole blocks, that start with the
// block of the given counter, and returns the counter that follows.
func (c *AEAD) fill(n int, counter uint64) uint64 {
	// The counter ends the block and takes at most eight bytes of it; what of the nonce
	// is among those eight is added to it.
	base := binary.BigEndian.Uint64(c.counter[8:])
	for i := 0; i < n; i += blockSize {
		copy(c.keystream[i:], c.counter[:8])
		binary.BigEndian.PutUint64(c.keystream[i+8:], base+counter)
		counter++
	}
	// In a loop of its own, or each block would wait for the two stores that made it.
	for i := 0; i < n; i += blockSize {
		b := c.keystream[i : i+blockSize]
		c.block.Encrypt(b, b)
	}
	return counter
}
