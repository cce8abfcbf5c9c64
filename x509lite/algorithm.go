package x509lite

import (
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"strconv"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A SignatureAlgorithm is how a certificate is signed. The values are stable.
type SignatureAlgorithm uint8

// The signature algorithms. UnknownSignature stands for all that are not supported, SHA-1 and MD5 among them.
const (
	UnknownSignature SignatureAlgorithm = 0
	SHA256WithRSA    SignatureAlgorithm = 1 // PKCS #1 v1.5 (RFC 8017 §8.2)
	SHA384WithRSA    SignatureAlgorithm = 2
	SHA512WithRSA    SignatureAlgorithm = 3
	SHA256WithRSAPSS SignatureAlgorithm = 4 // id-RSASSA-PSS (RFC 4055 §3), MGF1 with the same hash
	SHA384WithRSAPSS SignatureAlgorithm = 5
	SHA512WithRSAPSS SignatureAlgorithm = 6
	ECDSAWithSHA256  SignatureAlgorithm = 7 // on either curve (RFC 5758 §3.2)
	ECDSAWithSHA384  SignatureAlgorithm = 8
	ECDSAWithSHA512  SignatureAlgorithm = 9
	Ed25519          SignatureAlgorithm = 10 // RFC 8410
	Ed448            SignatureAlgorithm = 11
	MLDSA44          SignatureAlgorithm = 12 // FIPS 204, with an empty context (RFC 9881)
	MLDSA65          SignatureAlgorithm = 13
	MLDSA87          SignatureAlgorithm = 14
)

// Object identifiers, as the contents octets that DER has for them.
const (
	oidRSAEncryption = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" // RFC 3279 §2.3.1
	oidMGF1          = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" // RFC 4055 §2.2
	oidRSASSAPSS     = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" // RFC 4055 §3.1
	oidECPublicKey   = "\x2a\x86\x48\xce\x3d\x02\x01"         // RFC 5480 §2.1.1
	oidP256          = "\x2a\x86\x48\xce\x3d\x03\x01\x07"     // RFC 5480 §2.1.1.1
	oidP384          = "\x2b\x81\x04\x00\x22"
	oidP521          = "\x2b\x81\x04\x00\x23"
	oidEd448         = "\x2b\x65\x71"
	oidMLDSA44       = "\x60\x86\x48\x01\x65\x03\x04\x03\x11" // RFC 9881 §2
	oidMLDSA65       = "\x60\x86\x48\x01\x65\x03\x04\x03\x12"
	oidMLDSA87       = "\x60\x86\x48\x01\x65\x03\x04\x03\x13"
	oidEd25519       = "\x2b\x65\x70"                         // RFC 8410 §3
	oidSHA256        = "\x60\x86\x48\x01\x65\x03\x04\x02\x01" // RFC 4055 §2.1
	oidSHA384        = "\x60\x86\x48\x01\x65\x03\x04\x02\x02"
	oidSHA512        = "\x60\x86\x48\x01\x65\x03\x04\x02\x03"
)

// What stands in the parameters of an AlgorithmIdentifier.
type paramRule uint8

const (
	paramsAbsent       paramRule = iota // RFC 5758 §3.2, RFC 8410 §3
	paramsNullOrAbsent                  // RFC 4055 §5: NULL, and absent must be accepted
	paramsPSS                           // RFC 4055 §3.1
)

// sigFamily is the kind of key that makes a signature, and how.
type sigFamily uint8

const (
	familyPKCS1 sigFamily = iota
	familyPSS
	familyECDSA
	familyEd25519
	familyCircl // of the kind of key that has the same object identifier
)

// A sigSpec is a row of the table of signature algorithms.
type sigSpec struct {
	alg    SignatureAlgorithm
	name   string
	oid    string
	params paramRule
	family sigFamily
	hash   crypto.Hash // 0: the message itself is signed
}

var sigSpecs = [...]sigSpec{
	{SHA256WithRSA, "SHA256-RSA", "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", paramsNullOrAbsent, familyPKCS1, crypto.SHA256},
	{SHA384WithRSA, "SHA384-RSA", "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", paramsNullOrAbsent, familyPKCS1, crypto.SHA384},
	{SHA512WithRSA, "SHA512-RSA", "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", paramsNullOrAbsent, familyPKCS1, crypto.SHA512},
	{SHA256WithRSAPSS, "SHA256-RSAPSS", oidRSASSAPSS, paramsPSS, familyPSS, crypto.SHA256},
	{SHA384WithRSAPSS, "SHA384-RSAPSS", oidRSASSAPSS, paramsPSS, familyPSS, crypto.SHA384},
	{SHA512WithRSAPSS, "SHA512-RSAPSS", oidRSASSAPSS, paramsPSS, familyPSS, crypto.SHA512},
	{ECDSAWithSHA256, "ECDSA-SHA256", "\x2a\x86\x48\xce\x3d\x04\x03\x02", paramsAbsent, familyECDSA, crypto.SHA256},
	{ECDSAWithSHA384, "ECDSA-SHA384", "\x2a\x86\x48\xce\x3d\x04\x03\x03", paramsAbsent, familyECDSA, crypto.SHA384},
	{ECDSAWithSHA512, "ECDSA-SHA512", "\x2a\x86\x48\xce\x3d\x04\x03\x04", paramsAbsent, familyECDSA, crypto.SHA512},
	{Ed25519, "Ed25519", oidEd25519, paramsAbsent, familyEd25519, 0},
	{Ed448, "Ed448", oidEd448, paramsAbsent, familyCircl, 0},
	{MLDSA44, "ML-DSA-44", oidMLDSA44, paramsAbsent, familyCircl, 0},
	{MLDSA65, "ML-DSA-65", oidMLDSA65, paramsAbsent, familyCircl, 0},
	{MLDSA87, "ML-DSA-87", oidMLDSA87, paramsAbsent, familyCircl, 0},
}

// weakSignatures are known well enough to be refused by name.
var weakSignatures = map[string]string{
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02": "MD2-RSA",
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04": "MD5-RSA",
	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05": "SHA1-RSA",
	"\x2a\x86\x48\xce\x3d\x04\x01":         "ECDSA-SHA1",
	"\x2a\x86\x48\xce\x38\x04\x03":         "DSA-SHA1",
}

// spec is the algorithm's row, or nil.
func (a SignatureAlgorithm) spec() *sigSpec {
	for i := range sigSpecs {
		if sigSpecs[i].alg == a {
			return &sigSpecs[i]
		}
	}
	return nil
}

// String gives a short name, such as "ECDSA-SHA256".
func (a SignatureAlgorithm) String() string {
	if s := a.spec(); s != nil {
		return s.name
	}
	return "unknown signature algorithm " + strconv.Itoa(int(a))
}

// A signatureID is a signature's AlgorithmIdentifier, understood.
type signatureID struct {
	alg  SignatureAlgorithm
	salt int   // of PSS, in bytes
	err  error // why alg is UnknownSignature: wraps ErrWeakSignature or ErrUnsupportedSignature
}

// parseSignatureID reads the contents of an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
func parseSignatureID(r *derReader, s cryptobyte.String, field string) signatureID {
	oid := r.oid(&s, field)
	if oid == oidRSASSAPSS {
		return parsePSSID(r, s)
	}
	for i := range sigSpecs {
		if sp := &sigSpecs[i]; sp.oid == oid {
			r.params(s, sp.params)
			return signatureID{alg: sp.alg}
		}
	}
	if name, ok := weakSignatures[oid]; ok {
		return signatureID{err: algorithmError{ErrWeakSignature, name}}
	}
	return signatureID{err: algorithmError{ErrUnsupportedSignature, oidString(oid)}}
}

// params checks the parameters of an algorithm that has none.
func (r *derReader) params(s cryptobyte.String, rule paramRule) {
	if rule == paramsNullOrAbsent && len(s) > 0 {
		r.null(&s, "parameters")
	}
	r.end(s, "parameters")
}

// addSignatureID writes an AlgorithmIdentifier. A PSS salt is as long as its hash (RFC 8446 §4.2.3).
func addSignatureID(b *cryptobyte.Builder, sp *sigSpec) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addOID(b, sp.oid)
		switch sp.params {
		case paramsNullOrAbsent:
			b.AddASN1NULL()
		case paramsPSS:
			addPSSParams(b, sp.hash)
		}
	})
}

// An algorithmError is a sentinel with the algorithm's name.
type algorithmError struct {
	err  error
	name string
}

func (e algorithmError) Error() string { return e.err.Error() + ": " + e.name }
func (e algorithmError) Unwrap() error { return e.err }

// digest hashes msg. Nothing escapes, so that verifying allocates only what the primitive does.
func digest(h crypto.Hash, msg []byte) (buf [sha512.Size]byte, n int) {
	switch h {
	case crypto.SHA256:
		d := sha256.Sum256(msg)
		n = copy(buf[:], d[:])
	case crypto.SHA384:
		d := sha512.Sum384(msg)
		n = copy(buf[:], d[:])
	case crypto.SHA512:
		buf = sha512.Sum512(msg)
		n = len(buf)
	}
	return buf, n
}
