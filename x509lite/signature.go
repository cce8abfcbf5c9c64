package x509lite

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/sign"
)

// CheckSelfSignature verifies that the certificate names itself as its issuer and is signed by its own key. An error is
// a *VerifyError; errors.Is finds ErrSelfSignature, and the reason beneath it where it has a name: ErrUnsupportedKey,
// ErrWeakKey, ErrUnsupportedSignature, ErrWeakSignature. Usages and dates are not looked at.
func (c *Certificate) CheckSelfSignature() error {
	fail := func(detail string, cause error) error {
		return &VerifyError{Check: CheckSelfSignature, Cert: c, Err: ErrSelfSignature, Detail: detail, Cause: cause}
	}
	if !bytes.Equal(c.RawIssuer, c.RawSubject) {
		return fail(fmt.Sprintf("issued by %q, not by itself", c.Issuer()), nil)
	}
	if err := c.checkSignatureFrom(c); err != nil {
		return fail("", err)
	}
	return nil
}

// errBadSignature is the answer of the arithmetic.
var errBadSignature = errors.New("the signature is not the key's")

// checkSignatureFrom verifies c's signature with issuer's key.
func (c *Certificate) checkSignatureFrom(issuer *Certificate) error {
	if issuer.keyErr != nil {
		return issuer.keyErr
	}
	sp := c.SignatureAlgorithm.spec()
	if sp == nil {
		if c.sigErr != nil {
			return c.sigErr
		}
		return ErrUnsupportedSignature
	}
	ok, suits := false, false
	switch pub := issuer.PublicKey.(type) {
	case *rsa.PublicKey:
		ok, suits = c.checkRSA(issuer, pub, sp)
	case *ecdsa.PublicKey:
		if suits = sp.family == familyECDSA; suits {
			buf, n := digest(sp.hash, c.RawTBS)
			ok = ecdsa.VerifyASN1(pub, buf[:n], c.Signature)
		}
	case ed25519.PublicKey:
		if suits = sp.family == familyEd25519; suits {
			ok = len(pub) == ed25519.PublicKeySize && ed25519.Verify(pub, c.RawTBS, c.Signature)
		}
	case sign.PublicKey:
		if kind := circlKeyByType(issuer.KeyType); kind != nil && sp.oid == kind.oid {
			ok, suits = VerifyCircl(pub, c.RawTBS, c.Signature), true
		}
	}
	if !suits {
		return fmt.Errorf("%s signature by an %s key", sp.name, issuer.KeyType)
	}
	if !ok {
		return errBadSignature
	}
	return nil
}

// checkRSA verifies c's signature with issuer's RSA key. suits is false when that kind of key makes no such signatures.
func (c *Certificate) checkRSA(issuer *Certificate, pub *rsa.PublicKey, sp *sigSpec) (ok, suits bool) {
	buf, n := digest(sp.hash, c.RawTBS)
	switch {
	case sp.family == familyPKCS1 && issuer.KeyType == RSA: // RFC 4055 §3.1: an id-RSASSA-PSS key does PSS only
		return rsa.VerifyPKCS1v15(pub, sp.hash, buf[:n], c.Signature) == nil, true
	case sp.family == familyPSS && issuer.permitsPSS(sp.hash, c.sigSalt):
		return rsa.VerifyPSS(pub, sp.hash, buf[:n], c.Signature, &rsa.PSSOptions{SaltLength: c.sigSalt}) == nil, true
	}
	return false, false
}

// permitsPSS reports whether the key may make PSS signatures with this hash and salt (RFC 4055 §3.3).
func (c *Certificate) permitsPSS(hash crypto.Hash, salt int) bool {
	return c.KeyType == RSA || c.PSSHash == 0 || c.PSSHash == hash && salt >= c.minSalt
}
