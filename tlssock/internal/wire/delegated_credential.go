package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// A DelegatedCredential is RFC 9345 §4's: a key, and the signature over it of a certificate's key.
type DelegatedCredential struct {
	ValidTime       uint32 // seconds after the certificate's notBefore
	VerifyAlgorithm uint16 // dc_cert_verify_algorithm, by which the key signs the handshake
	SPKI            []byte // ASN1_subjectPublicKeyInfo
	Algorithm       uint16 // of Signature
	Signature       []byte
}

// Parse reads the content of an extension. d aliases it.
func (d *DelegatedCredential) Parse(body []byte) error {
	*d = DelegatedCredential{}
	s := cryptobyte.String(body)
	var spki, signature cryptobyte.String
	if !s.ReadUint32(&d.ValidTime) || !s.ReadUint16(&d.VerifyAlgorithm) || !s.ReadUint24LengthPrefixed(&spki) || spki.Empty() ||
		!s.ReadUint16(&d.Algorithm) || !s.ReadUint16LengthPrefixed(&signature) || signature.Empty() || !s.Empty() {
		return syntax(TypeCertificate, "delegated_credential")
	}
	d.SPKI, d.Signature = spki, signature
	return nil
}

// Append appends the content of the extension to b. It fails with ErrTooLong.
func (d *DelegatedCredential) Append(b []byte) ([]byte, error) {
	w := builder{b: b}
	w.u32(d.ValidTime)
	w.u16(d.VerifyAlgorithm)
	w.vector(d.SPKI, 3)
	w.u16(d.Algorithm)
	w.vector(d.Signature, 2)
	return w.result(b, TypeCertificate)
}
