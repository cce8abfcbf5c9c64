// Package kex is the key exchange of TLS 1.3: the named groups of RFC 8446 §4.2.7 and
// the hybrids with ML-KEM (draft-ietf-tls-ecdhe-mlkem).
//
// The client's side is Generate, AppendShare and, with the server's share, Agree. The
// server's side is one call, Respond, because for a KEM the answer depends on the
// client's share.
//
// A group is a list of parts in the order in which their shares and secrets are joined
// on the wire: one part for a plain group, two for a hybrid. To add a hybrid is to add a
// line to the table; to add a primitive is to add a part.
//
// X25519 and ML-KEM are circl's, several times as fast as the standard library's; the
// NIST curves are crypto/ecdh's.
package kex
