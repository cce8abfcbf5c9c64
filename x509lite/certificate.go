package x509lite

import (
	"crypto/sha256"
	"net/netip"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// A Certificate is a parsed X.509 certificate (RFC 5280 §4.1). It may be shared; its fields, and the bytes they refer
// to, are only to be read: a Trust that pins it relies on them.
type Certificate struct {
	Raw        []byte // the whole DER, a copy of what was parsed
	RawTBS     []byte // within Raw: tbsCertificate, which is what is signed
	RawIssuer  []byte // within Raw: the issuer's Name
	RawSubject []byte // within Raw: the subject's Name

	PublicKeyInfo // its key; RawSPKI is within Raw

	Version      int    // 1, 2 or 3
	SerialNumber []byte // within Raw: big-endian, without a leading zero octet; zero is one zero octet
	NotBefore    time.Time
	NotAfter     time.Time // the last second of validity

	SignatureAlgorithm SignatureAlgorithm // UnknownSignature: not supported, see CheckSelfSignature
	Signature          []byte             // within Raw

	KeyUsage         KeyUsage    // 0: no such extension
	ExtKeyUsage      ExtKeyUsage // 0: no such extension
	BasicConstraints bool        // there is such an extension
	IsCA             bool        // it says cA
	MaxPathLen       int         // its pathLenConstraint; -1: none
	DNSNames         []string    // subjectAltName dNSName, as they stand there
	IPAddresses      []netip.Addr
	SubjectKeyID     []byte   // within Raw: subjectKeyIdentifier; nil: none
	AuthorityKeyID   []byte   // within Raw: authorityKeyIdentifier's keyIdentifier; nil: none
	UnknownCritical  []string // critical extensions that are not known here, as dotted object identifiers

	altNames    cryptobyte.String // within Raw: the contents of subjectAltName; nil: none
	constraints *nameConstraints  // nil: none
	policies    *policies         // nil: nothing about them

	sigErr  error // why SignatureAlgorithm is UnknownSignature
	sigSalt int   // of a PSS signature, in bytes
}

// Fingerprint is the SHA-256 of the certificate's DER. It allocates nothing.
func (c *Certificate) Fingerprint() [32]byte { return sha256.Sum256(c.Raw) }

// Subject spells the subject's name for people: "O=Example, CN=device-7". It has no control characters in it and is
// never an identity.
func (c *Certificate) Subject() string { return nameText(c.RawSubject) }

// Issuer spells the issuer's name as Subject does the subject's.
func (c *Certificate) Issuer() string { return nameText(c.RawIssuer) }
