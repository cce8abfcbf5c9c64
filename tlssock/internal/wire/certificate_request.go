package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// A CertificateRequest is RFC 8446 §4.3.2's. Has says which of the extensions with a field here are there.
type CertificateRequest struct {
	Context    []byte     // certificate_request_context: empty during the handshake
	Extensions Extensions // all of them, from Parse; Append does not read it
	Has        ExtensionSet

	SignatureAlgorithms     Uint16s
	SignatureAlgorithmsCert Uint16s
	CertificateAuthorities  Names
	CertificateCompression  Uint16s
	GREASE                  ExtensionType // a reserved one that Append adds (RFC 8701); 0: none
}

// Parse reads the body of a message. m aliases it. signature_algorithms being there is for the caller to check.
func (m *CertificateRequest) Parse(body []byte) error {
	*m = CertificateRequest{}
	s := cryptobyte.String(body)
	var context cryptobyte.String
	if !s.ReadUint8LengthPrefixed(&context) {
		return syntax(TypeCertificateRequest, "certificate_request_context")
	}
	m.Context = context
	var err error
	m.Extensions, err = parseExtensions(TypeCertificateRequest, &s, &m.Has, m.parseExtension)
	return err
}

// parseExtension reads one extension. It returns the name of one that is malformed.
func (m *CertificateRequest) parseExtension(t ExtensionType, body []byte) (field string) {
	s := cryptobyte.String(body)
	ok := true
	switch t {
	case ExtSignatureAlgorithms:
		field, ok = "signature_algorithms", readUint16s(&s, 2, &m.SignatureAlgorithms)
	case ExtSignatureAlgorithmsCert:
		field, ok = "signature_algorithms_cert", readUint16s(&s, 2, &m.SignatureAlgorithmsCert)
	case ExtCertificateAuthorities:
		field, ok = "certificate_authorities", readNames(&s, 2, &m.CertificateAuthorities)
	case ExtCompressCertificate:
		field, ok = "compress_certificate", readUint16s(&s, 1, &m.CertificateCompression)
	case ExtStatusRequest, ExtSCT: // empty (RFC 8446 §4.4.2.1)
		field = "status_request or signed_certificate_timestamp"
	default:
		return ""
	}
	if ok && s.Empty() {
		return ""
	}
	return field
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *CertificateRequest) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeCertificateRequest)
	w.vector(m.Context, 1)
	block := w.begin(2)
	list := func(t ExtensionType, raw []byte, prefix int) {
		if m.Has.Has(t) {
			mark := w.extension(t)
			w.vector(raw, prefix)
			w.end(mark, 2)
		}
	}
	list(ExtSignatureAlgorithms, m.SignatureAlgorithms, 2)
	list(ExtSignatureAlgorithmsCert, m.SignatureAlgorithmsCert, 2)
	list(ExtCertificateAuthorities, m.CertificateAuthorities.raw, 2)
	list(ExtCompressCertificate, m.CertificateCompression, 1)
	for _, t := range [...]ExtensionType{ExtStatusRequest, ExtSCT} {
		if m.Has.Has(t) {
			w.end(w.extension(t), 2)
		}
	}
	if m.GREASE != 0 {
		w.end(w.extension(m.GREASE), 2)
	}
	w.end(block, 2)
	w.end(msg, 3)
	return w.result(b, TypeCertificateRequest)
}
