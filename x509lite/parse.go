package x509lite

import (
	"bytes"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Tags within TBSCertificate (RFC 5280 §4.1).
const (
	tagVersion    = asn1.Tag(0 | 0xa0)
	tagIssuerUID  = asn1.Tag(1 | 0x80)
	tagSubjectUID = asn1.Tag(2 | 0x80)
	tagExtensions = asn1.Tag(3 | 0xa0)
)

// Parse reads one certificate in DER, with nothing after it. What it returns keeps a copy, not der. An error is a
// *ParseError. A certificate whose key or signature is of an unsupported kind parses: see KeyError and
// CheckSelfSignature. Its signature is not verified.
func Parse(der []byte) (*Certificate, error) { return parse(der, false) }

// parse is Parse. anchor says that the certificate is a root, which is trusted as it stands: a spelling that some in
// circulation have, and that tells nothing else than the right one, is taken.
func parse(der []byte, anchor bool) (*Certificate, error) {
	if len(der) > MaxCertificateSize {
		r, s := newDERReader(der)
		r.tooLarge(s, "certificate", "%d bytes, above %d", len(der), MaxCertificateSize)
		return nil, r.err
	}
	raw := make([]byte, len(der))
	copy(raw, der)
	r, s := newDERReader(raw)
	r.anchor = anchor
	c := &Certificate{Raw: raw, MaxPathLen: -1}

	cert := r.read(&s, asn1.SEQUENCE, "certificate")
	r.end(s, "certificate")
	whole, tbs := r.element(&cert, asn1.SEQUENCE, "tbsCertificate")
	c.RawTBS = slices.Clip(whole)
	inner := c.parseTBS(r, tbs)
	at := cert
	outer, id := r.element(&cert, asn1.SEQUENCE, "signatureAlgorithm")
	if r.err == nil && !bytes.Equal(outer, inner) { // RFC 5280 §4.1.1.2
		r.fail(at, "signatureAlgorithm", "differs from tbsCertificate's signature")
	}
	sig := parseSignatureID(r, id, "signatureAlgorithm")
	c.SignatureAlgorithm, c.sigSalt, c.sigErr = sig.alg, sig.salt, sig.err
	c.Signature = slices.Clip(r.octets(&cert, "signatureValue"))
	r.end(cert, "certificate")
	if r.err != nil {
		return nil, r.err
	}
	return c, nil
}

// parseTBS reads the contents of TBSCertificate and returns its signature's AlgorithmIdentifier.
func (c *Certificate) parseTBS(r *derReader, tbs cryptobyte.String) (sigID cryptobyte.String) {
	c.Version = parseVersion(r, &tbs)
	at := tbs
	c.SerialNumber = slices.Clip(r.integer(&tbs, "serialNumber"))
	if len(c.SerialNumber) > MaxSerialSize { // RFC 5280 §4.1.2.2
		r.tooLarge(at, "serialNumber", "%d bytes, above %d", len(c.SerialNumber), MaxSerialSize)
	}
	sigID, _ = r.element(&tbs, asn1.SEQUENCE, "signature")
	whole, name := r.element(&tbs, asn1.SEQUENCE, "issuer")
	parseName(r, name, "issuer")
	c.RawIssuer = slices.Clip(whole)

	validity := r.read(&tbs, asn1.SEQUENCE, "validity")
	c.NotBefore = r.time(&validity, "notBefore")
	c.NotAfter = r.time(&validity, "notAfter")
	r.end(validity, "validity")

	whole, name = r.element(&tbs, asn1.SEQUENCE, "subject")
	parseName(r, name, "subject")
	c.RawSubject = slices.Clip(whole)

	whole, spki := r.element(&tbs, asn1.SEQUENCE, "subjectPublicKeyInfo")
	c.PublicKeyInfo = makePublicKeyInfo(slices.Clip(whole), parseSPKI(r, spki))

	c.parseOptionalTail(r, tbs)
	return sigID
}

// parseVersion reads the version: 1 is the default, so it is never spelled out (X.690 §11.5).
func parseVersion(r *derReader, tbs *cryptobyte.String) int {
	at := *tbs
	v, present := r.optional(tbs, tagVersion, "version")
	if !present {
		return 1
	}
	n := r.number(&v, 255, "version")
	r.end(v, "version")
	if n != 1 && n != 2 {
		r.fail(at, "version", "v%d, neither left out nor 2 nor 3", n+1)
	}
	return n + 1
}

// parseOptionalTail reads what comes after the public key, which depends on the version (RFC 5280 §4.1.2.8, §4.1.2.9).
func (c *Certificate) parseOptionalTail(r *derReader, tbs cryptobyte.String) {
	for _, tag := range []asn1.Tag{tagIssuerUID, tagSubjectUID} {
		if at := tbs; r.err == nil && tbs.PeekASN1Tag(tag) {
			r.bitString(&tbs, tag, "uniqueIdentifier")
			if c.Version < 2 {
				r.fail(at, "uniqueIdentifier", "in a version 1 certificate")
			}
		}
	}
	at := tbs
	if ext, present := r.optional(&tbs, tagExtensions, "extensions"); present {
		if c.Version != 3 {
			r.fail(at, "extensions", "in a version %d certificate", c.Version)
		}
		list := r.read(&ext, asn1.SEQUENCE, "extensions")
		r.end(ext, "extensions")
		if r.err == nil {
			c.parseExtensions(r, list)
		}
	}
	r.end(tbs, "tbsCertificate")
}
