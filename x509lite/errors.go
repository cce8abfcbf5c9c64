package x509lite

import (
	"errors"
	"strconv"
	"strings"
)

// What can be wrong, for errors.Is. They come wrapped in a [*VerifyError], a [*ParseError], or an error that
// says more in its text.
var (
	// ErrMalformed: not the strict DER (or PEM) of what was expected. Every *ParseError is one.
	ErrMalformed = errors.New("malformed")
	// ErrTooLarge: a bound of this package (Max...) or of VerifyOptions was exceeded.
	ErrTooLarge = errors.New("too large")
	// ErrNoCertificate: the peer sent, or the input holds, no certificate.
	ErrNoCertificate = errors.New("no certificate")
	// ErrNotPinned: the peer's certificate is none of those trusted, nor is its key.
	ErrNotPinned = errors.New("not pinned")
	// ErrBadTrust: the Trust itself is unusable; Trust.Err says why.
	ErrBadTrust = errors.New("unusable trust")
	// ErrSelfSignature: the certificate is not signed by its own key.
	ErrSelfSignature = errors.New("self-signature invalid")
	// ErrWeakSignature: the signature uses a hash that is broken (SHA-1, MD5).
	ErrWeakSignature = errors.New("weak signature algorithm")
	// ErrUnsupportedSignature: the signature algorithm is not one of SignatureAlgorithm's.
	ErrUnsupportedSignature = errors.New("unsupported signature algorithm")
	// ErrUnknownCritical: a critical extension is not known here (RFC 5280 §4.2).
	ErrUnknownCritical = errors.New("unknown critical extension")
	// ErrExpired: Now is after notAfter.
	ErrExpired = errors.New("expired")
	// ErrNotYetValid: Now is before notBefore.
	ErrNotYetValid = errors.New("not yet valid")
	// ErrKeyUsage: the key usage extension does not permit digital signatures.
	ErrKeyUsage = errors.New("key usage does not permit the role")
	// ErrExtKeyUsage: the extended key usage extension does not permit the peer's role.
	ErrExtKeyUsage = errors.New("extended key usage does not permit the role")
	// ErrNameMismatch: no subjectAltName is the name asked for.
	ErrNameMismatch = errors.New("name mismatch")
	// ErrUnknownAuthority: no path leads to a root; whoever issued the certificate is none of the roots, nor of what
	// the peer sent.
	ErrUnknownAuthority = errors.New("unknown authority")
	// ErrNotAuthority: a certificate may not issue others (basicConstraints).
	ErrNotAuthority = errors.New("not an authority's certificate")
	// ErrPathLength: more authorities are below one than its pathLenConstraint permits.
	ErrPathLength = errors.New("path too long")
	// ErrNameConstraint: an authority may not certify a name that stands in a certificate below it (nameConstraints).
	ErrNameConstraint = errors.New("name that its authority may not certify")
	// ErrPolicy: an authority asks for an explicit policy (policyConstraints), and no policy holds all the way.
	ErrPolicy = errors.New("no certificate policy where one is asked for")
	// ErrSignature: the certificate is not signed by the key of its issuer.
	ErrSignature = errors.New("signature invalid")
	// ErrWeakKey: an RSA key below the bound.
	ErrWeakKey = errors.New("weak key")
	// ErrUnsupportedKey: a key of a kind, on a curve or of a size that is not supported.
	ErrUnsupportedKey = errors.New("unsupported key")
	// ErrKeyMismatch: the private key is not the certificate's.
	ErrKeyMismatch = errors.New("private key does not fit the certificate")
	// ErrEncryptedKey: the private key is encrypted; decrypt it first.
	ErrEncryptedKey = errors.New("private key is encrypted")
	// ErrNoPrivateKey: the input holds no private key.
	ErrNoPrivateKey = errors.New("no private key")
	// ErrOptions: SelfSignedOptions that no certificate can be made of.
	ErrOptions = errors.New("invalid options")
)

// A ParseError says where the input stops being what it should be. errors.Is(err, ErrMalformed) holds for each.
type ParseError struct {
	Field  string // the ASN.1 field's name in RFC 5280, 5208, 5915 or 8017, such as "serialNumber"
	Offset int    // of the field's first byte in the DER, in bytes
	Detail string // what is wrong with it
	Err    error  // a further sentinel, such as ErrTooLarge, or nil
}

// Error says which field, where and what: "x509lite: malformed serialNumber at byte 13: negative integer".
func (e *ParseError) Error() string {
	return "x509lite: malformed " + e.Field + " at byte " + strconv.Itoa(e.Offset) + ": " + e.Detail
}

// Is reports whether target is ErrMalformed.
func (e *ParseError) Is(target error) bool { return target == ErrMalformed }

// Unwrap gives Err.
func (e *ParseError) Unwrap() error { return e.Err }

// A Check is one of the things Verify looks at. Those that concern the peer's own certificate are looked at in the
// order of the values, up to CheckName; those after it concern the path from there to a root, of which CheckKey,
// CheckCritical, CheckValidity, CheckKeyUsage and CheckExtKeyUsage can be about an authority's certificate, too.
type Check uint8

// The checks of Verify.
const (
	CheckTrust           Check = iota + 1 // the Trust is usable: ErrBadTrust
	CheckChain                            // there is a certificate, and not too many: ErrNoCertificate, ErrTooLarge
	CheckParse                            // the leaf is well-formed: ErrMalformed
	CheckPin                              // the leaf or its key is pinned: ErrNotPinned
	CheckKey                              // its key is supported and large enough: ErrUnsupportedKey, ErrWeakKey
	CheckSelfSignature                    // it is signed by its own key: ErrSelfSignature
	CheckCritical                         // every critical extension is known: ErrUnknownCritical
	CheckValidity                         // it is valid now: ErrNotYetValid, ErrExpired
	CheckKeyUsage                         // it may sign: ErrKeyUsage
	CheckExtKeyUsage                      // it may be a server's, or a client's: ErrExtKeyUsage
	CheckName                             // it is for the name asked for: ErrNameMismatch
	CheckPath                             // there is a path to a root, found within bounds: ErrUnknownAuthority, ErrTooLarge
	CheckAuthority                        // an issuer is an authority: ErrNotAuthority
	CheckPathLength                       // it may have so many authorities below it: ErrPathLength
	CheckNameConstraints                  // it may certify the names below it: ErrNameConstraint
	CheckPolicy                           // a policy that an authority asks for holds all the way: ErrPolicy
	CheckSignature                        // a certificate is signed by its issuer: ErrSignature
)

var checkNames = [...]string{
	CheckTrust: "trust", CheckChain: "chain", CheckParse: "encoding", CheckPin: "pin", CheckKey: "key",
	CheckSelfSignature: "self-signature", CheckCritical: "critical extensions", CheckValidity: "validity",
	CheckKeyUsage: "key usage", CheckExtKeyUsage: "extended key usage", CheckName: "name",
	CheckPath: "path", CheckAuthority: "authority", CheckPathLength: "path length", CheckNameConstraints: "name constraints", CheckPolicy: "policy", CheckSignature: "signature",
}

// String gives the check's name, such as "self-signature".
func (c Check) String() string {
	if int(c) < len(checkNames) && checkNames[c] != "" {
		return checkNames[c]
	}
	return "check " + strconv.Itoa(int(c))
}

// A VerifyError says which check a certificate did not pass.
type VerifyError struct {
	Check  Check
	Cert   *Certificate // the certificate it is about; nil when there is none, or none that parses
	Detail string       // the values: dates, names, sizes
	Err    error        // the sentinel, such as ErrExpired, or what wraps it
	Cause  error        // what Err follows from, such as a *ParseError, or nil
}

// Error names the certificate, what failed and the values. Nothing that a peer wrote stands in it unescaped.
func (e *VerifyError) Error() string {
	var b strings.Builder
	b.WriteString("x509lite: ")
	if e.Cert != nil {
		b.WriteString("certificate " + strconv.Quote(e.Cert.Subject()) + ": ")
	}
	b.WriteString(strings.TrimPrefix(e.Err.Error(), "x509lite: ")) // names the check
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Cause != nil {
		b.WriteString(": " + strings.TrimPrefix(e.Cause.Error(), "x509lite: "))
	}
	return b.String()
}

// Unwrap gives Err and Cause, so that errors.Is and errors.As find both.
func (e *VerifyError) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Cause}
}
