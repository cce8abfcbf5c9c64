// Package x509lite reads, judges and makes X.509 certificates for two ends that know each other, or the same
// authorities.
//
// It is for programs that decide for themselves whom they talk to: devices with self-signed certificates, mutual
// authentication inside one installation, tests, and clients of whatever has a certificate. There is no list of public
// authorities here and no file or network access; every function takes and gives bytes, and the time is an argument.
//
// # Trust
//
// Possession of a key is not identity. A [Trust] says who is accepted, and [Trust.Verify] accepts a peer when
//
//   - its leaf is a pinned certificate, byte for byte ([Pin]), or carries a pinned public key ([PinSPKI]), AND
//   - its public key is of a supported kind and large enough, AND
//   - its signature was made by its own key (checked once for a pinned certificate, when Pin is called), AND
//   - it has no critical extension that this package does not know, AND
//   - it is valid at VerifyOptions.Now, AND
//   - its key usage and extended key usage permit what the peer uses it for, AND
//   - a subjectAltName matches VerifyOptions.Name, when a name is asked for.
//
// or when a path leads from its leaf, by way of certificates that it sent, to a root that is trusted ([PathTo]): then
// the leaf passes the same checks but for the pin and its own signature, and every authority on the way is checked as
// RFC 5280 §6 says: its key, dates, basic constraints, path length, key usage, extended key usage, name constraints,
// policies and signature. Revocation is not looked at. What a peer can make the search do is bounded
// (VerifyOptions.MaxSignatureChecks, MaxPathSteps), and what led to a root is remembered by the [Roots], so that it
// need not be verified again.
//
// The checks are made in this order and the first that fails is reported as a [*VerifyError], which says which
// check it was, about which certificate, and with which values; errors.Is finds the sentinel ([ErrNotPinned],
// [ErrExpired], ...). There is no option that turns a check off, and the zero value of everything is the strict one.
// The subject's common name is never compared with anything.
//
// # Parsing
//
// [Parse] takes DER and nothing else (X.690 §10, §11): an encoding that DER does not allow is refused even where
// other parsers look the other way, so that one certificate has one spelling. Everything is bounded; see the
// constants beginning with Max. Keys and signatures of kinds that are not supported are not errors of
// parsing: Certificate.PublicKey is nil and [Certificate.KeyError] says why.
//
// Supported are RSA keys of 1024 to 8192 bits (rsaEncryption and id-RSASSA-PSS), ECDSA on P-256, P-384 and P-521,
// Ed25519, Ed448, and ML-DSA; signatures by them, RSA's and ECDSA's with SHA-256, SHA-384 or SHA-512. SHA-1 and MD5
// signatures are refused as weak.
//
// # Making and loading
//
// [SelfSigned] makes a key and a certificate for it. [LoadCertificates], [LoadPrivateKey] and [LoadIdentity] read PEM
// or DER. The encodings are read and written with golang.org/x/crypto/cryptobyte over crypto/ecdsa, crypto/rsa and
// crypto/ed25519, not with crypto/x509: its key parsers accept encodings that are refused here, and a program that
// needs no web PKI should not have to link one. crypto/x509 is the oracle of the tests.
package x509lite
