package suite

import (
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// Hash names the hash function of a cipher suite, which is also the one of its
// HKDF and its transcript (RFC 8446 §B.4). The zero Hash is none.
type Hash uint8

// The hashes of the TLS 1.3 cipher suites.
const (
	NoHash Hash = iota
	SHA256
	SHA384

	numHashes = int(SHA384)
)

// MaxHashSize is the length in bytes of the longest digest, and so of the longest
// secret of the key schedule.
const MaxHashSize = sha512.Size384

// maxBlockSize is the length of the longest input block of a Hash.
const maxBlockSize = sha512.BlockSize

var (
	emptySHA256 = sha256.Sum256(nil)
	emptySHA384 = sha512.Sum384(nil)
)

// Size returns the length of a digest in bytes; 0 for NoHash.
func (h Hash) Size() int {
	switch h {
	case SHA256:
		return sha256.Size
	case SHA384:
		return sha512.Size384
	}
	return 0
}

// String returns the name of h as RFC 8446 spells it.
func (h Hash) String() string {
	switch h {
	case SHA256:
		return "SHA256"
	case SHA384:
		return "SHA384"
	}
	return "none"
}

// blockSize returns the length in bytes of the blocks that h compresses, which is
// the length HMAC brings its keys to.
func (h Hash) blockSize() int {
	if h == SHA384 {
		return sha512.BlockSize
	}
	return sha256.BlockSize
}

// empty returns the digest of no bytes. It must not be written to.
func (h Hash) empty() []byte {
	if h == SHA384 {
		return emptySHA384[:]
	}
	return emptySHA256[:]
}

// hashes holds one state for each Hash, made on first use and kept.
type hashes [numHashes]hash.Hash

// reset returns the state of h, which must not be NoHash, ready for a new message.
func (s *hashes) reset(h Hash) hash.Hash {
	p := &s[h-1]
	switch {
	case *p != nil:
		(*p).Reset()
	case h == SHA384:
		*p = sha512.New384()
	default:
		*p = sha256.New()
	}
	return *p
}
