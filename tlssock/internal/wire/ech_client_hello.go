package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// The types of an ECHClientHello (RFC 9849 §5).
const (
	ECHOuter uint8 = 0
	ECHInner uint8 = 1
)

// ECHConfirmationLen is the length in bytes of what a server confirms by that it has taken the inner hello (RFC 9849
// §7.2).
const ECHConfirmationLen = 8

// ECHInnerExtension is encrypted_client_hello as it stands in an inner hello.
var ECHInnerExtension = []byte{ECHInner}

// An ECHClientHello is encrypted_client_hello in a ClientHello (RFC 9849 §5). Only that of type ECHOuter has more than
// its type; another type is for the caller to refuse.
type ECHClientHello struct {
	Type      uint8
	KDF, AEAD uint16
	ConfigID  uint8
	Enc       []byte // the encapsulated key; empty in a second hello
	Payload   []byte // the sealed EncodedClientHelloInner, which is the end of the extension
}

// Parse reads the extension's body, which m aliases. It reports whether it is well formed.
func (m *ECHClientHello) Parse(body []byte) bool {
	*m = ECHClientHello{}
	s := cryptobyte.String(body)
	if !s.ReadUint8(&m.Type) {
		return false
	}
	switch m.Type {
	case ECHOuter:
		var enc, payload cryptobyte.String
		ok := s.ReadUint16(&m.KDF) && s.ReadUint16(&m.AEAD) && s.ReadUint8(&m.ConfigID) &&
			s.ReadUint16LengthPrefixed(&enc) && s.ReadUint16LengthPrefixed(&payload) && !payload.Empty()
		m.Enc, m.Payload = enc, payload
		return ok && s.Empty()
	case ECHInner:
		return s.Empty()
	}
	return true
}

// Append appends the body of an extension of type ECHOuter. Enc and Payload together must leave room in 65,535 bytes;
// ok says that they do.
func (m *ECHClientHello) Append(b []byte) (out []byte, ok bool) {
	w := builder{b: b}
	w.u8(ECHOuter)
	w.u16(m.KDF)
	w.u16(m.AEAD)
	w.u8(m.ConfigID)
	w.vector(m.Enc, 2)
	w.vector(m.Payload, 2)
	return w.b, !w.overflow && len(w.b)-len(b) < 1<<16
}
