package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// A ClientHello is RFC 8446 §4.1.2's. Has says which of the extensions with a field here are there.
type ClientHello struct {
	LegacyVersion      uint16
	Random             []byte // 32 bytes
	SessionID          []byte // legacy_session_id, at most 32 bytes
	CipherSuites       Uint16s
	CompressionMethods []byte
	Extensions         Extensions // all of them, from Parse; Append does not read it
	Has                ExtensionSet

	ServerName              []byte // host_name
	SupportedVersions       Uint16s
	SupportedGroups         Uint16s
	SignatureAlgorithms     Uint16s
	SignatureAlgorithmsCert Uint16s
	ALPN                    Names
	CertificateAuthorities  Names
	ClientCertificateTypes  []byte // that the client has; as it came, so perhaps empty
	ServerCertificateTypes  []byte // that the client takes; likewise
	CertificateCompression  Uint16s
	DelegatedCredential     Uint16s // schemes of the credentials that the client takes
	KeyShares               KeyShares
	Cookie                  []byte
	RecordSizeLimit         uint16
	PSKModes                []byte
	PSKIdentities           []byte // the list, without its length
	PSKBinders              []byte // the list, without its length
	ECH                     []byte // encrypted_client_hello as it is; nil: it is not there

	GREASE [2]ExtensionType // reserved ones that Append adds (RFC 8701), an empty one and one of a byte; 0: none
}

// Parse reads the body of a message. m aliases it.
func (m *ClientHello) Parse(body []byte) error {
	*m = ClientHello{}
	s := cryptobyte.String(body)
	var session, suites, methods cryptobyte.String
	if !s.ReadUint16(&m.LegacyVersion) || !s.ReadBytes(&m.Random, 32) {
		return syntax(TypeClientHello, "random")
	}
	if !s.ReadUint8LengthPrefixed(&session) || len(session) > 32 {
		return syntax(TypeClientHello, "legacy_session_id")
	}
	if !s.ReadUint16LengthPrefixed(&suites) || len(suites) < 2 || len(suites)%2 != 0 {
		return syntax(TypeClientHello, "cipher_suites")
	}
	if !s.ReadUint8LengthPrefixed(&methods) || methods.Empty() {
		return syntax(TypeClientHello, "legacy_compression_methods")
	}
	m.SessionID, m.CipherSuites, m.CompressionMethods = session, Uint16s(suites), methods
	if s.Empty() { // a hello of an older version may end here; it offers no version of ours
		return nil
	}
	var err error
	m.Extensions, err = parseExtensions(TypeClientHello, &s, &m.Has, m.parseExtension)
	return err
}

// parseExtension reads one extension. It returns the name of one that is malformed.
func (m *ClientHello) parseExtension(t ExtensionType, body []byte) (field string) {
	s := cryptobyte.String(body)
	ok := true
	switch t {
	case ExtServerName:
		field, ok = "server_name", readServerName(&s, &m.ServerName)
	case ExtSupportedGroups:
		field, ok = "supported_groups", readUint16s(&s, 2, &m.SupportedGroups)
	case ExtSignatureAlgorithms:
		field, ok = "signature_algorithms", readUint16s(&s, 2, &m.SignatureAlgorithms)
	case ExtSignatureAlgorithmsCert:
		field, ok = "signature_algorithms_cert", readUint16s(&s, 2, &m.SignatureAlgorithmsCert)
	case ExtALPN:
		field, ok = "application_layer_protocol_negotiation", readNames(&s, 1, &m.ALPN)
	case ExtCertificateAuthorities:
		field, ok = "certificate_authorities", readNames(&s, 2, &m.CertificateAuthorities)
	case ExtStatusRequest:
		field, ok = "status_request", readStatusRequest(&s)
	case ExtClientCertificateType:
		field, ok = "client_certificate_type", readBytes(&s, &m.ClientCertificateTypes)
	case ExtServerCertificateType:
		field, ok = "server_certificate_type", readBytes(&s, &m.ServerCertificateTypes)
	case ExtDelegatedCredential:
		field, ok = "delegated_credential", readUint16s(&s, 2, &m.DelegatedCredential)
	case ExtCompressCertificate:
		field, ok = "compress_certificate", readUint16s(&s, 1, &m.CertificateCompression)
	case ExtSupportedVersions:
		field, ok = "supported_versions", readUint16s(&s, 1, &m.SupportedVersions)
	case ExtKeyShare:
		var list cryptobyte.String
		ok = s.ReadUint16LengthPrefixed(&list) && KeyShares(list).check()
		field, m.KeyShares = "key_share", KeyShares(list)
	case ExtRecordSizeLimit:
		field, ok = "record_size_limit", s.ReadUint16(&m.RecordSizeLimit)
	case ExtCookie:
		var cookie cryptobyte.String
		ok = s.ReadUint16LengthPrefixed(&cookie) && !cookie.Empty()
		field, m.Cookie = "cookie", cookie
	case ExtPSKKeyExchangeModes:
		var modes cryptobyte.String
		ok = s.ReadUint8LengthPrefixed(&modes) && !modes.Empty()
		field, m.PSKModes = "psk_key_exchange_modes", modes
	case ExtPreSharedKey:
		field, ok = "pre_shared_key", m.parsePreSharedKey(&s)
	case ExtEncryptedClientHello:
		var ech ECHClientHello
		if ech.Parse(body) {
			m.ECH = body
			return ""
		}
		return "encrypted_client_hello"
	case ExtEarlyData, ExtPostHandshakeAuth, ExtSCT: // empty
		field = "early_data, post_handshake_auth or signed_certificate_timestamp"
	default:
		return ""
	}
	if ok && s.Empty() {
		return ""
	}
	return field
}

// readServerName reads a ServerNameList (RFC 6066 §3). host_name is the only type there is, and no type may come twice.
func readServerName(s *cryptobyte.String, out *[]byte) bool {
	var list, name cryptobyte.String
	var typ uint8
	if !s.ReadUint16LengthPrefixed(&list) || !list.ReadUint8(&typ) || typ != 0 ||
		!list.ReadUint16LengthPrefixed(&name) || !list.Empty() || len(name) == 0 || len(name) > 255 {
		return false
	}
	for _, c := range name { // an ASCII name; NUL and the like confuse what compares it
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	*out = name
	return true
}

// parsePreSharedKey reads OfferedPsks: as many binders as identities is for the caller to see, who answers it with
// another alert.
func (m *ClientHello) parsePreSharedKey(s *cryptobyte.String) bool {
	var identities, binders cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&identities) || identities.Empty() ||
		!s.ReadUint16LengthPrefixed(&binders) || binders.Empty() {
		return false
	}
	m.PSKIdentities, m.PSKBinders = identities, binders
	var identity, binder cryptobyte.String
	var age uint32
	for !identities.Empty() {
		if !identities.ReadUint16LengthPrefixed(&identity) || identity.Empty() || !identities.ReadUint32(&age) {
			return false
		}
	}
	for !binders.Empty() {
		if !binders.ReadUint8LengthPrefixed(&binder) || binder.Empty() { // RFC 8446 §4.2.11 has 32 at least; a short one is a wrong one
			return false
		}
	}
	return true
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *ClientHello) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeClientHello)
	w.u16(m.LegacyVersion)
	w.bytes(m.Random)
	w.vector(m.SessionID, 1)
	w.vector(m.CipherSuites, 2)
	w.vector(m.CompressionMethods, 1)
	block := w.begin(2)
	m.appendExtensions(&w)
	w.end(block, 2)
	w.end(msg, 3)
	return w.result(b, TypeClientHello)
}

func (m *ClientHello) appendExtensions(w *builder) {
	list := func(t ExtensionType, raw []byte, prefix int) {
		if m.Has.Has(t) {
			mark := w.extension(t)
			w.vector(raw, prefix)
			w.end(mark, 2)
		}
	}
	if m.Has.Has(ExtServerName) {
		mark := w.extension(ExtServerName)
		names := w.begin(2)
		w.u8(0) // host_name
		w.vector(m.ServerName, 2)
		w.end(names, 2)
		w.end(mark, 2)
	}
	// What ECH hides comes first: the rest, which both of its hellos have, is then in one piece.
	list(ExtCertificateAuthorities, m.CertificateAuthorities.raw, 2)
	list(ExtClientCertificateType, m.ClientCertificateTypes, 1)
	list(ExtServerCertificateType, m.ServerCertificateTypes, 1)
	list(ExtSupportedVersions, m.SupportedVersions, 1)
	list(ExtSupportedGroups, m.SupportedGroups, 2)
	list(ExtSignatureAlgorithms, m.SignatureAlgorithms, 2)
	list(ExtSignatureAlgorithmsCert, m.SignatureAlgorithmsCert, 2)
	list(ExtALPN, m.ALPN.raw, 2)
	if m.Has.Has(ExtStatusRequest) {
		mark := w.extension(ExtStatusRequest)
		w.bytes(anyOCSPResponse)
		w.end(mark, 2)
	}
	list(ExtCompressCertificate, m.CertificateCompression, 1)
	list(ExtDelegatedCredential, m.DelegatedCredential, 2)
	if m.Has.Has(ExtRecordSizeLimit) {
		mark := w.extension(ExtRecordSizeLimit)
		w.u16(m.RecordSizeLimit)
		w.end(mark, 2)
	}
	list(ExtPSKKeyExchangeModes, m.PSKModes, 1)
	list(ExtCookie, m.Cookie, 2)
	list(ExtKeyShare, m.KeyShares, 2)
	for _, t := range [...]ExtensionType{ExtSCT, ExtEarlyData, ExtPostHandshakeAuth} {
		if m.Has.Has(t) {
			w.end(w.extension(t), 2)
		}
	}
	for n, t := range m.GREASE {
		if t != 0 {
			mark := w.extension(t)
			w.bytes([]byte{0}[:n])
			w.end(mark, 2)
		}
	}
	if m.ECH != nil {
		mark := w.extension(ExtEncryptedClientHello)
		w.bytes(m.ECH)
		w.end(mark, 2)
	}
	if m.Has.Has(ExtPreSharedKey) { // RFC 8446 §4.2.11: the last
		mark := w.extension(ExtPreSharedKey)
		w.vector(m.PSKIdentities, 2)
		w.vector(m.PSKBinders, 2)
		w.end(mark, 2)
	}
}
