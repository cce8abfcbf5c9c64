package ech

import (
	"bytes"

	"smoltls/tlssock/internal/wire"
)

// payloadAt gives where the payload, of n bytes, of the body of an outer hello lies: at the end of its extension.
func payloadAt(body []byte, n int) (start int, ok bool) {
	var hello wire.ClientHello
	if hello.Parse(body) != nil {
		return 0, false
	}
	for e := hello.Extensions; len(e) > 0; {
		t, content, rest := e.First()
		if t == wire.ExtEncryptedClientHello && len(content) >= n {
			return len(body) - len(rest) - n, true
		}
		e = rest
	}
	return 0, false
}

// OuterAAD gives a copy of the body of an outer hello with zeros for its payload, of n bytes: what sealing is bound to
// (RFC 9849 §5.2). It is nil for a body without one.
func OuterAAD(body []byte, n int) []byte {
	start, ok := payloadAt(body, n)
	if !ok {
		return nil
	}
	aad := bytes.Clone(body)
	clear(aad[start : start+n])
	return aad
}

// SealOuter seals encoded into the place that the body of an outer hello, whose payload is zeros, has for it:
// len(encoded) + Overhead bytes.
func (s *Sealer) SealOuter(body, encoded []byte) error {
	n := len(encoded) + Overhead
	start, ok := payloadAt(body, n)
	if !ok {
		return ErrInner
	}
	sealed, err := s.Seal(encoded, body)
	copy(body[start:start+n], sealed)
	return err
}
