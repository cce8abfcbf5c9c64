package x509lite

import (
	"crypto"
	"fmt"
	"reflect"

	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/ed448"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A circlKey is a kind of key that circl has and the standard library has not. Key and signature have one object
// identifier, no parameters, and stand in certificates as their bare octets: Ed448 (RFC 8410) and ML-DSA (FIPS 204, RFC
// 9881).
type circlKey struct {
	typ    KeyType
	oid    string
	scheme sign.Scheme
	bits   int // of strength, doubled: what an elliptic curve of the same strength has
}

var circlKeys = [...]circlKey{
	{Ed448Key, oidEd448, ed448.Scheme(), 448},
	{MLDSA44Key, oidMLDSA44, mldsa44.Scheme(), 256},
	{MLDSA65Key, oidMLDSA65, mldsa65.Scheme(), 384},
	{MLDSA87Key, oidMLDSA87, mldsa87.Scheme(), 512},
}

// circlKeyOf finds the kind by its object identifier, or by its scheme; nil: it is none.
func circlKeyOf(oid string) *circlKey {
	for i := range circlKeys {
		if circlKeys[i].oid == oid {
			return &circlKeys[i]
		}
	}
	return nil
}

func circlKeyByType(typ KeyType) *circlKey {
	for i := range circlKeys {
		if circlKeys[i].typ == typ {
			return &circlKeys[i]
		}
	}
	return nil
}

// parse reads the octets of a subjectPublicKey.
func (c *circlKey) parse(r *derReader, k *publicKey, bits []byte) {
	k.typ, k.bits = c.typ, c.bits
	if len(bits) != c.scheme.PublicKeySize() {
		r.fail(bits, "subjectPublicKey", "%s key of %d bytes", c.typ, len(bits))
		return
	}
	key, err := c.scheme.UnmarshalBinaryPublicKey(bits)
	if err != nil {
		r.fail(bits, "subjectPublicKey", "%s key that is none", c.typ)
		return
	}
	k.key = key
}

// describeCircl is describePublicKey for a key of circl's.
func describeCircl(pub sign.PublicKey) (k publicKey) {
	for i := range circlKeys {
		if c := &circlKeys[i]; pub.Scheme() == c.scheme {
			return publicKey{typ: c.typ, key: pub, bits: c.bits}
		}
	}
	k.unsupported(pub.Scheme().Name())
	return k
}

// brokenCircl reports whether Public would panic on a private key of circl's.
func brokenCircl(key sign.PrivateKey) bool {
	if v := reflect.ValueOf(key); v.Kind() == reflect.Pointer && v.IsNil() {
		return true
	}
	p, ok := key.(ed448.PrivateKey)
	return ok && len(p) != ed448.PrivateKeySize
}

// VerifyCircl verifies a signature over msg by a key of circl's, such as Certificate.PublicKey is for Ed448Key and the
// MLDSA kinds; false for any other.
func VerifyCircl(pub crypto.PublicKey, msg, signature []byte) bool {
	key, ok := pub.(sign.PublicKey)
	if !ok || len(signature) != key.Scheme().SignatureSize() {
		return false
	}
	return key.Scheme().Verify(key, msg, signature, nil)
}

// generate makes a private key from a seed that random gives.
func (c *circlKey) generate(random func([]byte) error) (crypto.Signer, error) {
	seed := make([]byte, c.scheme.SeedSize())
	if err := random(seed); err != nil {
		return nil, err
	}
	_, key := c.scheme.DeriveKey(seed)
	return key, nil
}

// pkcs8 reads PKCS #8's privateKey: an OCTET STRING with the seed of Ed448 (RFC 8410 §7), or one of ML-DSA's three
// forms (RFC 9881 §6).
func (c *circlKey) pkcs8(k *keyReader, inner cryptobyte.String) {
	r := k.r
	var seed, expanded []byte
	switch seedTag := asn1.Tag(0).ContextSpecific(); {
	case c.typ == Ed448Key:
		seed = r.read(&inner, asn1.OCTET_STRING, "CurvePrivateKey")
	case inner.PeekASN1Tag(seedTag):
		seed = r.read(&inner, seedTag, "seed")
	case inner.PeekASN1Tag(asn1.OCTET_STRING):
		expanded = r.read(&inner, asn1.OCTET_STRING, "expandedKey")
	default:
		both := r.read(&inner, asn1.SEQUENCE, "both")
		seed = r.read(&both, asn1.OCTET_STRING, "seed")
		expanded = r.read(&both, asn1.OCTET_STRING, "expandedKey")
		r.end(both, "both")
	}
	r.end(inner, "privateKey")
	if r.err != nil {
		return
	}
	if key := c.private(r, seed, expanded); key != nil {
		k.key = key
	}
}

// private makes the key of what is there of seed and expanded key, which must belong together.
func (c *circlKey) private(r *derReader, seed, expanded []byte) (key sign.PrivateKey) {
	if seed != nil {
		if len(seed) != c.scheme.SeedSize() {
			r.fail(seed, "seed", "%d bytes where %d belong", len(seed), c.scheme.SeedSize())
			return nil
		}
		_, key = c.scheme.DeriveKey(seed)
	}
	if expanded == nil {
		return key
	}
	if len(expanded) != c.scheme.PrivateKeySize() {
		r.fail(expanded, "expandedKey", "%d bytes where %d belong", len(expanded), c.scheme.PrivateKeySize())
		return nil
	}
	other, err := c.scheme.UnmarshalBinaryPrivateKey(expanded)
	if err != nil || key != nil && !key.Equal(other) {
		r.fail(expanded, "expandedKey", "is no private key, or not that of the seed")
		return nil
	}
	if key == nil {
		key = other
	}
	return key
}

// addCirclPrivate writes PKCS #8's privateKey: the seed where the key still has it.
func addCirclPrivate(b *cryptobyte.Builder, key sign.PrivateKey) {
	var seed []byte
	if s, ok := key.(sign.Seeded); ok {
		seed = s.Seed()
	}
	switch {
	case seed != nil && key.Scheme() == ed448.Scheme():
		b.AddASN1OctetString(seed)
	case seed != nil:
		b.AddASN1(asn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(seed) })
	default:
		expanded, err := key.MarshalBinary()
		if err != nil {
			b.SetError(fmt.Errorf("%s: %w", key.Scheme().Name(), err))
			return
		}
		b.AddASN1OctetString(expanded)
	}
}
