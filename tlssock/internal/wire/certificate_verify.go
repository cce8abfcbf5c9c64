package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// A CertificateVerify is RFC 8446 §4.4.3's message.
type CertificateVerify struct {
	Algorithm uint16 // SignatureScheme
	Signature []byte
}

// Parse reads the body of a message. m aliases it.
func (m *CertificateVerify) Parse(body []byte) error {
	*m = CertificateVerify{}
	s := cryptobyte.String(body)
	var signature cryptobyte.String
	if !s.ReadUint16(&m.Algorithm) || !s.ReadUint16LengthPrefixed(&signature) || !s.Empty() {
		return syntax(TypeCertificateVerify, "")
	}
	m.Signature = signature
	return nil
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *CertificateVerify) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeCertificateVerify)
	w.u16(m.Algorithm)
	w.vector(m.Signature, 2)
	w.end(msg, 3)
	return w.result(b, TypeCertificateVerify)
}
