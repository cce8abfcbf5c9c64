package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// EncryptedExtensions is RFC 8446 §4.3.1's message. Has says which of the extensions with a field here are there;
// server_name is empty, its presence says that the server used the name (RFC 6066 §3).
type EncryptedExtensions struct {
	Extensions Extensions // all of them, from Parse; Append does not read it
	Has        ExtensionSet

	ALPN            []byte // the protocol that the server selected
	SupportedGroups Uint16s

	RecordSizeLimit uint16

	ClientCertificateType, ServerCertificateType uint8 // that the server selected (RFC 7250 §3)

	ECH []byte // encrypted_client_hello, an ECHConfigList that is not looked into; nil: it is not there
}

// Parse reads the body of a message. m aliases it.
func (m *EncryptedExtensions) Parse(body []byte) error {
	*m = EncryptedExtensions{}
	s := cryptobyte.String(body)
	var err error
	m.Extensions, err = parseExtensions(TypeEncryptedExtensions, &s, &m.Has, m.parseExtension)
	return err
}

// parseExtension reads one extension. It returns the name of one that is malformed.
func (m *EncryptedExtensions) parseExtension(t ExtensionType, body []byte) (field string) {
	s := cryptobyte.String(body)
	ok := true
	switch t {
	case ExtServerName, ExtEarlyData: // empty
		field = "server_name or early_data"
	case ExtALPN:
		var names Names
		ok = readNames(&s, 1, &names) && names.One() // RFC 7301 §3.1: exactly one
		field, m.ALPN = "application_layer_protocol_negotiation", names.First()
	case ExtSupportedGroups:
		field, ok = "supported_groups", readUint16s(&s, 2, &m.SupportedGroups)
	case ExtRecordSizeLimit:
		field, ok = "record_size_limit", s.ReadUint16(&m.RecordSizeLimit)
	case ExtClientCertificateType:
		field, ok = "client_certificate_type", s.ReadUint8(&m.ClientCertificateType)
	case ExtServerCertificateType:
		field, ok = "server_certificate_type", s.ReadUint8(&m.ServerCertificateType)
	case ExtEncryptedClientHello:
		m.ECH = body
		return ""
	default:
		return ""
	}
	if ok && s.Empty() {
		return ""
	}
	return field
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *EncryptedExtensions) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeEncryptedExtensions)
	block := w.begin(2)
	for _, t := range [...]ExtensionType{ExtServerName, ExtEarlyData} {
		if m.Has.Has(t) {
			w.end(w.extension(t), 2)
		}
	}
	if m.Has.Has(ExtSupportedGroups) {
		mark := w.extension(ExtSupportedGroups)
		w.vector(m.SupportedGroups, 2)
		w.end(mark, 2)
	}
	if m.Has.Has(ExtALPN) {
		mark := w.extension(ExtALPN)
		list := w.begin(2)
		w.vector(m.ALPN, 1)
		w.end(list, 2)
		w.end(mark, 2)
	}
	if m.Has.Has(ExtRecordSizeLimit) {
		mark := w.extension(ExtRecordSizeLimit)
		w.u16(m.RecordSizeLimit)
		w.end(mark, 2)
	}
	octet := func(t ExtensionType, v uint8) {
		if m.Has.Has(t) {
			mark := w.extension(t)
			w.u8(v)
			w.end(mark, 2)
		}
	}
	octet(ExtClientCertificateType, m.ClientCertificateType)
	octet(ExtServerCertificateType, m.ServerCertificateType)
	if m.ECH != nil {
		mark := w.extension(ExtEncryptedClientHello)
		w.bytes(m.ECH)
		w.end(mark, 2)
	}
	w.end(block, 2)
	w.end(msg, 3)
	return w.result(b, TypeEncryptedExtensions)
}
