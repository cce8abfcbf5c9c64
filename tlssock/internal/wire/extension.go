package wire

import (
	"encoding/binary"
	"iter"
	"strconv"

	"golang.org/x/crypto/cryptobyte"
)

// ExtensionType is the type of an extension (RFC 8446 §4.2).
type ExtensionType uint16

// The extensions with a meaning in TLS 1.3 that this package or its callers know.
const (
	ExtServerName              ExtensionType = 0  // RFC 6066 §3
	ExtStatusRequest           ExtensionType = 5  // RFC 6066 §8
	ExtSupportedGroups         ExtensionType = 10 // RFC 8446 §4.2.7
	ExtSignatureAlgorithms     ExtensionType = 13 // RFC 8446 §4.2.3
	ExtALPN                    ExtensionType = 16 // RFC 7301
	ExtSCT                     ExtensionType = 18 // RFC 6962
	ExtClientCertificateType   ExtensionType = 19 // RFC 7250
	ExtServerCertificateType   ExtensionType = 20 // RFC 7250
	ExtPadding                 ExtensionType = 21 // RFC 7685
	ExtCompressCertificate     ExtensionType = 27 // RFC 8879
	ExtRecordSizeLimit         ExtensionType = 28 // RFC 8449
	ExtDelegatedCredential     ExtensionType = 34 // RFC 9345
	ExtPreSharedKey            ExtensionType = 41 // RFC 8446 §4.2.11
	ExtEarlyData               ExtensionType = 42 // RFC 8446 §4.2.10
	ExtSupportedVersions       ExtensionType = 43 // RFC 8446 §4.2.1
	ExtCookie                  ExtensionType = 44 // RFC 8446 §4.2.2
	ExtPSKKeyExchangeModes     ExtensionType = 45 // RFC 8446 §4.2.9
	ExtCertificateAuthorities  ExtensionType = 47 // RFC 8446 §4.2.4
	ExtOIDFilters              ExtensionType = 48 // RFC 8446 §4.2.5
	ExtPostHandshakeAuth       ExtensionType = 49 // RFC 8446 §4.2.6
	ExtSignatureAlgorithmsCert ExtensionType = 50 // RFC 8446 §4.2.3
	ExtKeyShare                ExtensionType = 51 // RFC 8446 §4.2.8

	// These two are in no ExtensionSet.
	ExtECHOuterExtensions   ExtensionType = 0xfd00 // RFC 9849 §5.1
	ExtEncryptedClientHello ExtensionType = 0xfe0d // RFC 9849 §5
)

var extensionNames = map[ExtensionType]string{
	ExtServerName: "server_name", ExtSupportedGroups: "supported_groups", ExtSignatureAlgorithms: "signature_algorithms", ExtALPN: "application_layer_protocol_negotiation",
	ExtPreSharedKey: "pre_shared_key", ExtEarlyData: "early_data", ExtSupportedVersions: "supported_versions", ExtCookie: "cookie",
	ExtPSKKeyExchangeModes: "psk_key_exchange_modes", ExtKeyShare: "key_share", ExtEncryptedClientHello: "encrypted_client_hello",
}

// String gives the registered name of the more usual ones, and of others the number.
func (t ExtensionType) String() string {
	if name := extensionNames[t]; name != "" {
		return name
	}
	return "extension " + strconv.Itoa(int(t))
}

// ExtensionSet is a set of the extension types below 64, which most of the above are.
type ExtensionSet uint64

// SetOf gives the set of the given types.
func SetOf(types ...ExtensionType) (s ExtensionSet) {
	for _, t := range types {
		s.Add(t)
	}
	return s
}

// Add adds t. A type of 64 or more is left out.
func (s *ExtensionSet) Add(t ExtensionType) {
	if t < 64 {
		*s |= 1 << t
	}
}

// Has reports whether t is in the set.
func (s ExtensionSet) Has(t ExtensionType) bool { return t < 64 && s>>t&1 != 0 }

// MaxExtensions is the largest number of extensions in one block: there are half as many registered types.
const MaxExtensions = 128

// Extensions is an extension block without its length, whose structure has been checked.
type Extensions []byte

// All gives the extensions in order.
func (e Extensions) All() iter.Seq2[ExtensionType, []byte] {
	return func(yield func(ExtensionType, []byte) bool) {
		for len(e) > 0 {
			t, body, rest := e.First()
			if !yield(t, body) {
				return
			}
			e = rest
		}
	}
}

// First splits the first extension off a block that is not empty.
func (e Extensions) First() (t ExtensionType, body []byte, rest Extensions) {
	n := 4 + int(binary.BigEndian.Uint16(e[2:]))
	return ExtensionType(binary.BigEndian.Uint16(e)), e[4:n:n], e[n:]
}

// Find gives the body of the extension of type t.
func (e Extensions) Find(t ExtensionType) (body []byte, ok bool) {
	for len(e) > 0 {
		got, body, rest := e.First()
		if got == t {
			return body, true
		}
		e = rest
	}
	return nil, false
}

// After gives the first extension of type t whole, nil if there is none, and what comes after it.
func (e Extensions) After(t ExtensionType) (whole []byte, rest Extensions) {
	for len(e) > 0 {
		got, _, rest := e.First()
		if got == t {
			return e[:len(e)-len(rest)], rest
		}
		e = rest
	}
	return nil, nil
}

// checkExtensions checks the structure of the block s: whole extensions, none of them twice, pre_shared_key last.
func checkExtensions(msg Type, s cryptobyte.String, seen *ExtensionSet) (Extensions, error) {
	block := Extensions(s)
	count := 0
	for !s.Empty() {
		at := len(block) - len(s)
		var t uint16
		var body cryptobyte.String
		if !s.ReadUint16(&t) || !s.ReadUint16LengthPrefixed(&body) {
			return nil, syntax(msg, "extensions")
		}
		if count++; count > MaxExtensions {
			return nil, &Error{msg, "extensions", ErrTooMany}
		}
		typ := ExtensionType(t)
		if seen.Has(ExtPreSharedKey) && msg == TypeClientHello {
			return nil, &Error{msg, "pre_shared_key", ErrOrder}
		}
		if seen.Has(typ) {
			return nil, &Error{msg, "extensions", ErrDuplicate}
		}
		if typ >= 64 { // too rare for a set of their own
			if _, dup := block[:at].Find(typ); dup {
				return nil, &Error{msg, "extensions", ErrDuplicate}
			}
		}
		seen.Add(typ)
	}
	return block, nil
}

// readExtensions reads an extension block with its length, which must be all that is left of s.
func readExtensions(msg Type, s *cryptobyte.String, seen *ExtensionSet) (Extensions, error) {
	var block cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&block) || !s.Empty() {
		return nil, syntax(msg, "extensions")
	}
	return checkExtensions(msg, block, seen)
}

// parseExtensions reads the block that readExtensions reads, and has parse look at each extension, which gives the name
// of one that is malformed.
func parseExtensions(msg Type, s *cryptobyte.String, seen *ExtensionSet, parse func(ExtensionType, []byte) (field string)) (Extensions, error) {
	block, err := readExtensions(msg, s, seen)
	if err != nil {
		return nil, err
	}
	for e := block; len(e) > 0; {
		t, body, rest := e.First()
		if field := parse(t, body); field != "" {
			return block, syntax(msg, field)
		}
		e = rest
	}
	return block, nil
}
