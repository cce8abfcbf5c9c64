package x509lite

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A PublicKeyInfo is a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), parsed: the key of a certificate, or a raw public key
// (RFC 7250 §3). It may be shared; its fields, and the bytes they refer to, are only to be read.
type PublicKeyInfo struct {
	RawSPKI   []byte           // the DER
	KeyType   KeyType          // UnknownKey: not supported, see KeyError
	KeyBits   int              // of an RSA modulus or of a curve; 0 when not known
	PublicKey crypto.PublicKey // *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey; nil: see KeyError
	PSSHash   crypto.Hash      // the only hash an RSAPSS key may be used with; 0: any

	keyErr  error // why PublicKey is nil
	minSalt int   // that an RSAPSS key asks for, in bytes
}

func makePublicKeyInfo(der []byte, k publicKey) PublicKeyInfo {
	return PublicKeyInfo{
		RawSPKI: der, KeyType: k.typ, KeyBits: k.bits, PublicKey: k.key, PSSHash: k.pss.hash, keyErr: k.err, minSalt: k.pss.salt,
	}
}

// ParsePublicKeyInfo reads one SubjectPublicKeyInfo in DER, with nothing after it. What it returns keeps a copy, not
// der. An error is a *ParseError. A key of an unsupported kind parses: see KeyError.
func ParsePublicKeyInfo(der []byte) (*PublicKeyInfo, error) {
	const field = "subjectPublicKeyInfo"
	if len(der) > MaxPublicKeySize {
		r, s := newDERReader(der)
		r.tooLarge(s, field, "%d bytes, above %d", len(der), MaxPublicKeySize)
		return nil, r.err
	}
	raw := bytes.Clone(der)
	r, s := newDERReader(raw)
	whole, spki := r.element(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	info := makePublicKeyInfo(slices.Clip(whole), parseSPKI(r, spki))
	if r.err != nil {
		return nil, r.err
	}
	return &info, nil
}

// NewPublicKeyInfo gives the SubjectPublicKeyInfo of a private key. errors.Is finds ErrUnsupportedKey or ErrWeakKey.
func NewPublicKeyInfo(key crypto.Signer) (*PublicKeyInfo, error) {
	k := describeSigner(key, false)
	if k.err != nil {
		return nil, fmt.Errorf("x509lite: %w", k.err)
	}
	var b cryptobyte.Builder
	addSPKI(&b, &k)
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("x509lite: %w", err)
	}
	return ParsePublicKeyInfo(der)
}

// SPKIHash is the SHA-256 of the SubjectPublicKeyInfo's DER, which [PinSPKI] takes (RFC 7469 §2.4). It allocates
// nothing.
func (k *PublicKeyInfo) SPKIHash() [32]byte { return sha256.Sum256(k.RawSPKI) }

// KeyError says why PublicKey is nil: errors.Is finds ErrUnsupportedKey or ErrWeakKey. It is nil when PublicKey is not.
func (k *PublicKeyInfo) KeyError() error { return k.keyErr }

// checkKey holds the key to what is supported and to the caller's bound.
func (k *PublicKeyInfo) checkKey(minRSABits int) *VerifyError {
	if k.keyErr != nil {
		return &VerifyError{Check: CheckKey, Err: k.keyErr}
	}
	if k.unfitKey(minRSABits) {
		return &VerifyError{Check: CheckKey, Err: ErrWeakKey,
			Detail: fmt.Sprintf("%s of %d bits, below %d", k.KeyType, k.KeyBits, rsaBound(minRSABits))}
	}
	return nil
}

// unfitKey reports whether checkKey has something to say. It allocates nothing.
func (k *PublicKeyInfo) unfitKey(minRSABits int) bool {
	return k.keyErr != nil || (k.KeyType == RSA || k.KeyType == RSAPSS) && k.KeyBits < rsaBound(minRSABits)
}

// VerifyRawPublicKey decides whether a peer whose identity is a raw public key (RFC 7250) is accepted: spki is the
// SubjectPublicKeyInfo in DER that it sent. The bytes are not kept.
//
// The key must be pinned by [PinSPKI] and be supported and large enough. That is all that can be checked: a raw key has
// no name, no dates and no usages, so Now, Role and Name of the options are not looked at, and whose key it is, is what
// the pin says. A certificate pinned by [Pin] does not make its key one: it was pinned with its dates and usages.
//
// An error is a *VerifyError for the first check that fails, in the order CheckTrust, CheckChain, CheckParse, CheckPin,
// CheckKey.
func (t *Trust) VerifyRawPublicKey(spki []byte, o VerifyOptions) (*PublicKeyInfo, error) {
	if t == nil {
		t = &Trust{}
	}
	if t.err != nil {
		return nil, &VerifyError{Check: CheckTrust, Err: ErrBadTrust, Cause: t.err}
	}
	if len(spki) == 0 {
		return nil, &VerifyError{Check: CheckChain, Err: ErrNoCertificate}
	}
	info, err := ParsePublicKeyInfo(spki)
	if err != nil {
		return nil, &VerifyError{Check: CheckParse, Err: err}
	}
	hash := info.SPKIHash()
	if _, ok := t.keys[hash]; !ok {
		return nil, &VerifyError{Check: CheckPin, Err: ErrNotPinned, Detail: fmt.Sprintf("raw public key %x", hash)}
	}
	if err := info.checkKey(o.MinRSABits); err != nil {
		return nil, err
	}
	return info, nil
}
