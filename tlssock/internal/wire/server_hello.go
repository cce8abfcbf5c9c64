package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// RetryRandom is the Random by which a ServerHello is a HelloRetryRequest: SHA-256 of that word (RFC 8446 §4.1.3).
const RetryRandom = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91" +
	"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

// A ServerHello is RFC 8446 §4.1.3's, or the HelloRetryRequest of §4.1.4 when IsRetry says so. Has says which of the
// extensions with a field here are there.
type ServerHello struct {
	LegacyVersion uint16
	Random        []byte // 32 bytes
	SessionID     []byte // legacy_session_id_echo
	CipherSuite   uint16
	Compression   uint8      // legacy_compression_method
	Extensions    Extensions // all of them, from Parse; Append does not read it
	Has           ExtensionSet

	SupportedVersion uint16
	Group            uint16 // of key_share
	KeyShare         []byte // the server's share; there is none in a HelloRetryRequest
	Cookie           []byte // HelloRetryRequest only
	SelectedIdentity uint16 // of pre_shared_key
	ECH              []byte // encrypted_client_hello, 8 bytes; HelloRetryRequest only; nil: it is not there
}

// IsRetry reports whether the message is a HelloRetryRequest.
func (m *ServerHello) IsRetry() bool { return string(m.Random) == RetryRandom }

// Parse reads the body of a message. m aliases it.
func (m *ServerHello) Parse(body []byte) error {
	*m = ServerHello{}
	s := cryptobyte.String(body)
	var session cryptobyte.String
	if !s.ReadUint16(&m.LegacyVersion) || !s.ReadBytes(&m.Random, 32) {
		return syntax(TypeServerHello, "random")
	}
	if !s.ReadUint8LengthPrefixed(&session) || len(session) > 32 {
		return syntax(TypeServerHello, "legacy_session_id_echo")
	}
	m.SessionID = session
	if !s.ReadUint16(&m.CipherSuite) || !s.ReadUint8(&m.Compression) {
		return syntax(TypeServerHello, "cipher_suite")
	}
	if s.Empty() { // of an older version; it selects no version of ours
		return nil
	}
	var err error
	m.Extensions, err = parseExtensions(TypeServerHello, &s, &m.Has, m.parseExtension)
	return err
}

// parseExtension reads one extension. It returns the name of one that is malformed.
func (m *ServerHello) parseExtension(t ExtensionType, body []byte) (field string) {
	s := cryptobyte.String(body)
	ok := true
	switch t {
	case ExtSupportedVersions:
		field, ok = "supported_versions", s.ReadUint16(&m.SupportedVersion)
	case ExtKeyShare:
		field, ok = "key_share", s.ReadUint16(&m.Group)
		if ok && !m.IsRetry() {
			var key cryptobyte.String
			ok = s.ReadUint16LengthPrefixed(&key) && !key.Empty()
			m.KeyShare = key
		}
	case ExtCookie:
		var cookie cryptobyte.String
		ok = s.ReadUint16LengthPrefixed(&cookie) && !cookie.Empty()
		field, m.Cookie = "cookie", cookie
	case ExtPreSharedKey:
		field, ok = "pre_shared_key", s.ReadUint16(&m.SelectedIdentity)
	case ExtEncryptedClientHello:
		if !m.IsRetry() { // it has no business there, whatever is in it
			return ""
		}
		field, ok = "encrypted_client_hello", s.ReadBytes(&m.ECH, ECHConfirmationLen)
	default:
		return ""
	}
	if ok && s.Empty() {
		return ""
	}
	return field
}

// Append appends the whole message to b. It fails with ErrTooLong.
func (m *ServerHello) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	msg := w.message(TypeServerHello)
	w.u16(m.LegacyVersion)
	w.bytes(m.Random)
	w.vector(m.SessionID, 1)
	w.u16(m.CipherSuite)
	w.u8(m.Compression)
	block := w.begin(2) // in the order of RFC 8448
	if m.Has.Has(ExtPreSharedKey) {
		mark := w.extension(ExtPreSharedKey)
		w.u16(m.SelectedIdentity)
		w.end(mark, 2)
	}
	if m.Has.Has(ExtKeyShare) {
		mark := w.extension(ExtKeyShare)
		w.u16(m.Group)
		if !m.IsRetry() {
			w.vector(m.KeyShare, 2)
		}
		w.end(mark, 2)
	}
	if m.Has.Has(ExtCookie) {
		mark := w.extension(ExtCookie)
		w.vector(m.Cookie, 2)
		w.end(mark, 2)
	}
	if m.Has.Has(ExtSupportedVersions) {
		mark := w.extension(ExtSupportedVersions)
		w.u16(m.SupportedVersion)
		w.end(mark, 2)
	}
	if m.ECH != nil {
		mark := w.extension(ExtEncryptedClientHello)
		w.bytes(m.ECH)
		w.end(mark, 2)
	}
	w.end(block, 2)
	w.end(msg, 3)
	return w.result(b, TypeServerHello)
}
