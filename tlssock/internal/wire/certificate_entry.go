package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// EntryExtensions are the extensions of one CertificateEntry (RFC 8446 §4.4.2.1). Has says which are there.
type EntryExtensions struct {
	Has       ExtensionSet
	OCSP      []byte // status_request: an OCSPResponse in DER (RFC 6066 §8)
	Delegated []byte // delegated_credential (RFC 9345 §4)
	SCTs      Names  // signed_certificate_timestamp: SerializedSCTs (RFC 6962 §3.3)
}

// ocsp is the one CertificateStatusType there is (RFC 6066 §8).
const ocsp = 1

// anyOCSPResponse is the content of a client's status_request: ocsp, from any responder, without request extensions.
var anyOCSPResponse = []byte{ocsp, 0, 0, 0, 0}

// readStatusRequest reads a CertificateStatusRequest. What responders and extensions it asks for, nobody can choose.
func readStatusRequest(s *cryptobyte.String) bool {
	var typ uint8
	var responders, extensions cryptobyte.String
	if !s.ReadUint8(&typ) {
		return false
	}
	if typ != ocsp { // of a form that is not known
		return s.Skip(len(*s))
	}
	return s.ReadUint16LengthPrefixed(&responders) && s.ReadUint16LengthPrefixed(&extensions)
}

// MakeSCTs encodes a list of SerializedSCTs. Errors as MakeProtocols.
func MakeSCTs(scts ...[]byte) (Names, error) { return MakeAuthorities(scts...) }

// ParseSCTs reads what Raw gave of such a list; ok is false for anything else. The result aliases raw.
func ParseSCTs(raw []byte) (scts Names, ok bool) {
	if len(raw) == 0 {
		return Names{}, true
	}
	s := cryptobyte.String(raw)
	for !s.Empty() {
		var sct cryptobyte.String
		if !s.ReadUint16LengthPrefixed(&sct) || sct.Empty() {
			return Names{}, false
		}
	}
	return Names{raw, 2}, true
}

// AppendEntry adds an entry to a list. cert is a certificate or a SubjectPublicKeyInfo. It fails with ErrTooLong.
func AppendEntry(list Entries, cert []byte, ext EntryExtensions) (Entries, error) {
	w := builder{b: list}
	w.vector(cert, 3)
	block := w.begin(2)
	if ext.Has.Has(ExtStatusRequest) {
		mark := w.extension(ExtStatusRequest)
		w.u8(ocsp)
		w.vector(ext.OCSP, 3)
		w.end(mark, 2)
	}
	if ext.Has.Has(ExtSCT) {
		mark := w.extension(ExtSCT)
		w.vector(ext.SCTs.raw, 2)
		w.end(mark, 2)
	}
	if ext.Has.Has(ExtDelegatedCredential) {
		mark := w.extension(ExtDelegatedCredential)
		w.bytes(ext.Delegated)
		w.end(mark, 2)
	}
	w.end(block, 2)
	return w.result(list, TypeCertificate)
}

// Parse reads the extensions of an entry that Entries.All gave. x aliases them.
func (x *EntryExtensions) Parse(ext Extensions) error {
	*x = EntryExtensions{}
	for len(ext) > 0 {
		t, body, rest := ext.First()
		x.Has.Add(t)
		s := cryptobyte.String(body)
		switch t {
		case ExtStatusRequest:
			var typ uint8
			var response cryptobyte.String
			if !s.ReadUint8(&typ) || typ != ocsp || !s.ReadUint24LengthPrefixed(&response) || response.Empty() || !s.Empty() {
				return syntax(TypeCertificate, "status_request")
			}
			x.OCSP = response
		case ExtSCT:
			if !readNames(&s, 2, &x.SCTs) || !s.Empty() {
				return syntax(TypeCertificate, "signed_certificate_timestamp")
			}
		case ExtDelegatedCredential:
			x.Delegated = body
		}
		ext = rest
	}
	return nil
}
