package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// A CompressedCertificate is RFC 8879 §4's message: it stands in the place of a Certificate.
type CompressedCertificate struct {
	Algorithm    uint16 // CertificateCompressionAlgorithm
	Uncompressed int    // uncompressed_length: bytes of the Certificate's body, 0 to 2^24-1
	Data         []byte // compressed_certificate_message
}

// Parse reads the body of a message. m aliases it.
func (m *CompressedCertificate) Parse(body []byte) error {
	*m = CompressedCertificate{}
	s := cryptobyte.String(body)
	var n uint32
	var data cryptobyte.String
	if !s.ReadUint16(&m.Algorithm) || !s.ReadUint24(&n) {
		return syntax(TypeCompressedCertificate, "uncompressed_length")
	}
	if !s.ReadUint24LengthPrefixed(&data) || data.Empty() || !s.Empty() {
		return syntax(TypeCompressedCertificate, "compressed_certificate_message")
	}
	m.Uncompressed, m.Data = int(n), data
	return nil
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *CompressedCertificate) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeCompressedCertificate)
	w.u16(m.Algorithm)
	if m.Uncompressed < 0 || m.Uncompressed >= 1<<24 {
		w.overflow = true
	}
	w.u8(uint8(m.Uncompressed >> 16))
	w.u16(uint16(m.Uncompressed))
	w.vector(m.Data, 3)
	w.end(msg, 3)
	return w.result(b, TypeCompressedCertificate)
}
