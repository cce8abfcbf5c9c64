package wire

import (
	"iter"

	"golang.org/x/crypto/cryptobyte"
)

// A Certificate is RFC 8446 §4.4.2's message.
type Certificate struct {
	Context []byte // certificate_request_context
	Entries Entries
}

// Entries is a certificate_list in wire form, without its length, whose structure has been checked.
type Entries []byte

// All gives the certificates, leaf first, each with its extensions.
func (e Entries) All() iter.Seq2[[]byte, Extensions] {
	return func(yield func([]byte, Extensions) bool) {
		s := cryptobyte.String(e)
		var der, ext cryptobyte.String
		for !s.Empty() && s.ReadUint24LengthPrefixed(&der) && s.ReadUint16LengthPrefixed(&ext) && yield(der, Extensions(ext)) {
		}
	}
}

// Parse reads the body of a message. m aliases it.
func (m *Certificate) Parse(body []byte) error {
	*m = Certificate{}
	s := cryptobyte.String(body)
	var context, list cryptobyte.String
	if !s.ReadUint8LengthPrefixed(&context) {
		return syntax(TypeCertificate, "certificate_request_context")
	}
	if !s.ReadUint24LengthPrefixed(&list) || !s.Empty() {
		return syntax(TypeCertificate, "certificate_list")
	}
	m.Context, m.Entries = context, Entries(list)
	var der, ext cryptobyte.String
	for !list.Empty() {
		if !list.ReadUint24LengthPrefixed(&der) || !list.ReadUint16LengthPrefixed(&ext) {
			return syntax(TypeCertificate, "certificate_list")
		}
		if der.Empty() {
			return syntax(TypeCertificate, "cert_data")
		}
		var seen ExtensionSet
		if _, err := checkExtensions(TypeCertificate, ext, &seen); err != nil {
			return err
		}
	}
	return nil
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *Certificate) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeCertificate)
	w.vector(m.Context, 1)
	w.vector(m.Entries, 3)
	w.end(msg, 3)
	return w.result(b, TypeCertificate)
}
