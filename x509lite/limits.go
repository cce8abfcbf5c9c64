package x509lite

import "time"

// Bounds on what is read. Exceeding one is an error that errors.Is finds as [ErrTooLarge], except where the
// bound's comment names another.
const (
	// MaxCertificateSize is the largest certificate, in bytes of DER, that is parsed.
	MaxCertificateSize = 64 << 10
	// MaxExtensions is the largest number of extensions in one certificate.
	MaxExtensions = 64
	// MaxAltNames is the largest number of subjectAltNames in one certificate, of all kinds together.
	MaxAltNames = 1024
	// MaxNameConstraints is the largest number of permitted, and of excluded, subtrees in one certificate.
	MaxNameConstraints = 1024
	// MaxPolicies is the largest number of certificate policies, and of mappings between them, in one certificate.
	MaxPolicies = 128
	// MaxSerialSize is the largest serial number, in bytes (RFC 5280 §4.1.2.2).
	MaxSerialSize = 20
	// MaxPublicKeySize is the largest SubjectPublicKeyInfo on its own, in bytes of DER.
	MaxPublicKeySize = 8 << 10
	// MaxPrivateKeySize is the largest private key, in bytes of DER.
	MaxPrivateKeySize = 32 << 10
	// MaxLoadSize is the largest input, in bytes, of the functions whose names begin with Load or Parse, except Parse.
	MaxLoadSize = 16 << 20
	// MaxRSABits is the largest RSA modulus. A larger key is unsupported ([ErrUnsupportedKey]): verifying with
	// it would cost more than a stranger should be able to ask for.
	MaxRSABits = 8192
	// MinRSABits is the smallest RSA modulus that any option permits. A smaller key is weak ([ErrWeakKey]).
	MinRSABits = 1024
	// DefaultMinRSABits is the smallest RSA modulus where the caller names none ([ErrWeakKey]).
	DefaultMinRSABits = 2048
	// DefaultMaxChain is the largest number of certificates a peer may send where VerifyOptions names none.
	DefaultMaxChain = 10
	// DefaultMaxChainSize is the largest sum of their sizes, in bytes, where VerifyOptions names none.
	DefaultMaxChainSize = 128 << 10
	// DefaultMaxSignatureChecks is how many signatures the search for a path verifies where VerifyOptions names no
	// number. A chain in order needs one for each of its certificates.
	DefaultMaxSignatureChecks = 32
	// DefaultMaxPathSteps is how much else it looks at where VerifyOptions names no number: certificates that could be
	// an issuer, names, and the constraints that they are compared with; each counts once more for every 64 bytes of
	// it.
	DefaultMaxPathSteps = 50_000
	// DefaultMaxPaths is how many paths are found where VerifyOptions names no number.
	DefaultMaxPaths = 8
)

// Defaults of [SelfSigned].
const (
	// DefaultLifetime is how long a certificate made by SelfSigned is valid from SelfSignedOptions.Now.
	DefaultLifetime = 10 * 365 * 24 * time.Hour
	// DefaultBackdate is how long before SelfSignedOptions.Now it begins to be valid: peers' clocks differ.
	DefaultBackdate = time.Hour
)

// rsaBound is the smallest RSA modulus accepted when the caller asked for min (0: the default).
func rsaBound(min int) int {
	if min == 0 {
		return DefaultMinRSABits
	}
	return max(min, MinRSABits)
}
