// Package ccm is the CCM mode of operation (RFC 3610, NIST SP 800-38C) as a
// cipher.AEAD over any block cipher of 16-byte blocks.
//
// Neither the standard library nor golang.org/x/crypto nor circl has CCM. Of the
// modules that do, the best known is a package inside pion/dtls, which brings the rest
// of that module with it and, like the ones that descend from the same code, allocates
// for every message; the stand-alone modules are young, unmaintained or both. The mode
// itself is little more than a page over crypto/cipher's Block, so it is kept here,
// held by the vectors of both standards.
//
// CCM is bound by its CBC-MAC, a chain in which no block can start before the one
// before it is done. The counter mode beside it is done here by single blocks into a
// buffer of the AEAD's: cipher.NewCTR is faster, but it can't be moved to another
// counter, so that each message would cost an allocation of 512 bytes.
package ccm
