// Package suite is the symmetric cryptography of TLS 1.3 (RFC 8446): the
// cipher suites, the key schedule of §7.1, the transcript hash of §4.4.1 and
// the record protection of §5.2.
//
// Everything works in memory that the caller owns and reuses. A [Scratch] holds
// the hash states and buffers that HMAC and HKDF need; one serves any number of
// handshakes, one after the other. After its first use no derivation, no
// transcript hash and no record allocates. Results are appended to a slice of
// the caller's, as in hash.Hash.Sum, and appear there only when they are
// complete, so that a result may overwrite the secret that it was derived from.
//
// The primitives are those of crypto/* and golang.org/x/crypto. What is written
// here are the constructions over them: HMAC (RFC 2104) and HKDF (RFC 5869) once
// more, because crypto/hmac and crypto/hkdf allocate for every key, which a
// handshake would pay some twenty times over on either side.
//
// No value of this package may be used by two goroutines at once. Suites, which
// never change, are the exception.
package suite
