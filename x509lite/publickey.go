package x509lite

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/cloudflare/circl/sign"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A KeyType is the kind of a certificate's public key. The values are stable.
type KeyType uint8

// The kinds of keys. UnknownKey stands for all that are not supported.
const (
	UnknownKey    KeyType = 0
	RSA           KeyType = 1 // rsaEncryption: PKCS #1 v1.5 and PSS (*rsa.PublicKey)
	RSAPSS        KeyType = 2 // id-RSASSA-PSS: PSS only (*rsa.PublicKey)
	ECDSAP256     KeyType = 3 // *ecdsa.PublicKey
	ECDSAP384     KeyType = 4 // *ecdsa.PublicKey
	Ed25519Key    KeyType = 5 // ed25519.PublicKey
	ECDSAP521     KeyType = 6 // *ecdsa.PublicKey
	Ed448Key      KeyType = 7 // circl's ed448.PublicKey
	MLDSA44Key    KeyType = 8 // circl's *mldsa44.PublicKey (FIPS 204)
	MLDSA65Key    KeyType = 9
	MLDSA87Key    KeyType = 10
	maxKeyTypeVal         = MLDSA87Key
)

var keyTypeNames = [...]string{"unknown key", "RSA", "RSA-PSS", "ECDSA P-256", "ECDSA P-384", "Ed25519", "ECDSA P-521", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}

// String gives a name, such as "ECDSA P-256".
func (k KeyType) String() string {
	if k > maxKeyTypeVal {
		return "unknown key type " + strconv.Itoa(int(k))
	}
	return keyTypeNames[k]
}

// A publicKey is a SubjectPublicKeyInfo, understood.
type publicKey struct {
	typ  KeyType
	key  crypto.PublicKey // nil when err is not
	bits int              // of the modulus, or of the curve's order's size
	pss  pssParams        // of an RSAPSS key: hash 0 when it is not restricted
	err  error            // wraps ErrUnsupportedKey or ErrWeakKey
}

// parseSPKI reads the contents of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
func parseSPKI(r *derReader, s cryptobyte.String) (k publicKey) {
	const field = "subjectPublicKeyInfo"
	id := r.read(&s, asn1.SEQUENCE, field)
	oid := r.oid(&id, field)
	at := s
	bits := r.octets(&s, "subjectPublicKey")
	r.end(s, field)
	if r.err != nil {
		return k
	}
	switch oid {
	case oidRSAEncryption:
		k.typ = RSA
		r.null(&id, "parameters") // RFC 3279 §2.3.1: NULL, not absent
		r.end(id, "parameters")
		k.parseRSA(r, bits)
	case oidRSASSAPSS:
		k.typ = RSAPSS
		k.parseRSA(r, bits)
		if len(id) > 0 { // RFC 4055 §3.1: absent means not restricted
			if k.pss = parsePSSParams(r, id); k.pss.hash == 0 {
				k.unsupported("RSA-PSS key for an unsupported hash")
			}
		}
	case oidECPublicKey:
		k.parseEC(r, id, bits)
	case oidEd25519:
		r.params(id, paramsAbsent)
		k.typ, k.bits = Ed25519Key, 256
		if len(bits) != ed25519.PublicKeySize {
			r.fail(at, "subjectPublicKey", "Ed25519 key of %d bytes", len(bits))
			return k
		}
		k.key = ed25519.PublicKey(slices.Clip(bits))
	default:
		c := circlKeyOf(oid)
		if c == nil {
			k.unsupported("algorithm " + oidString(oid))
			break
		}
		r.params(id, paramsAbsent)
		c.parse(r, &k, bits)
	}
	return k
}

// unsupported makes k a key that can't be used.
func (k *publicKey) unsupported(why string) {
	k.typ, k.key, k.err = UnknownKey, nil, algorithmError{ErrUnsupportedKey, why}
}

// parseRSA reads an RSAPublicKey (RFC 8017 §A.1.1).
func (k *publicKey) parseRSA(r *derReader, s cryptobyte.String) {
	const field = "RSAPublicKey"
	seq := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	n := r.bigInt(&seq, "modulus")
	e := r.bigInt(&seq, "publicExponent")
	r.end(seq, field)
	if r.err != nil {
		return
	}
	k.bits = n.BitLen()
	if err := checkRSAPublic(n, e); err != nil {
		k.err = err
		return
	}
	k.key = &rsa.PublicKey{N: n, E: int(e.Int64())}
}

// checkRSAPublic holds an RSA public key to the sizes that are supported.
func checkRSAPublic(n, e *big.Int) error {
	switch bits := n.BitLen(); {
	case bits < MinRSABits:
		return algorithmError{ErrWeakKey, fmt.Sprintf("RSA of %d bits, below %d", bits, MinRSABits)}
	case bits > MaxRSABits:
		return algorithmError{ErrUnsupportedKey, fmt.Sprintf("RSA of %d bits, above %d", bits, MaxRSABits)}
	case n.Bit(0) == 0:
		return algorithmError{ErrUnsupportedKey, "RSA with an even modulus"}
	case e.BitLen() > 31 || e.Int64() < 3 || e.Int64() > math.MaxInt32 || e.Bit(0) == 0:
		return algorithmError{ErrUnsupportedKey, "RSA with a public exponent that is not odd, from 3 to 2³¹-1"}
	}
	return nil
}

// parseEC reads a point on a named curve (RFC 5480 §2.2).
func (k *publicKey) parseEC(r *derReader, params, point cryptobyte.String) {
	if r.err == nil && !params.PeekASN1Tag(asn1.OBJECT_IDENTIFIER) { // RFC 5480 §2.1.1: specifiedCurve must not be used
		k.unsupported("elliptic curve without a name")
		return
	}
	oid := r.oid(&params, "namedCurve")
	r.end(params, "namedCurve")
	typ, curve := curveOf(oid)
	if curve == nil {
		k.unsupported("elliptic curve " + oidString(oid))
		return
	}
	if len(point) > 0 && (point[0] == 2 || point[0] == 3) {
		k.unsupported("compressed point") // RFC 5480 §2.2: may be supported
		return
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		r.fail(point, "subjectPublicKey", "not a point on %s", curve.Params().Name)
		return
	}
	k.typ, k.key, k.bits = typ, pub, curve.Params().BitSize
}

// curveOf gives what an OID names, or a nil curve.
func curveOf(oid string) (KeyType, elliptic.Curve) {
	switch oid {
	case oidP256:
		return ECDSAP256, elliptic.P256()
	case oidP384:
		return ECDSAP384, elliptic.P384()
	case oidP521:
		return ECDSAP521, elliptic.P521()
	}
	return UnknownKey, nil
}

// describePublicKey finds the kind of a key that did not come from a certificate. pss asks for an RSA key to be RSAPSS.
func describePublicKey(pub crypto.PublicKey, pss bool) (k publicKey) {
	switch p := pub.(type) {
	case *rsa.PublicKey:
		if p == nil || p.N == nil {
			k.unsupported("RSA key without a modulus")
			break
		}
		k = publicKey{typ: RSA, key: p, bits: p.N.BitLen()}
		if pss {
			k.typ = RSAPSS
		}
		k.err = checkRSAPublic(p.N, big.NewInt(int64(p.E)))
	case *ecdsa.PublicKey:
		//lint:ignore SA1019 the coordinates are only looked for: crypto/ecdsa panics when they are not there
		if p == nil || p.Curve == nil || p.X == nil || p.Y == nil {
			k.unsupported("ECDSA key without a curve or a point")
			break
		}
		switch p.Curve {
		case elliptic.P256():
			k = publicKey{typ: ECDSAP256, key: p, bits: 256}
		case elliptic.P384():
			k = publicKey{typ: ECDSAP384, key: p, bits: 384}
		case elliptic.P521():
			k = publicKey{typ: ECDSAP521, key: p, bits: 521}
		default:
			k.unsupported("elliptic curve " + p.Curve.Params().Name)
		}
	case ed25519.PublicKey:
		if k = (publicKey{typ: Ed25519Key, key: p, bits: 256}); len(p) != ed25519.PublicKeySize {
			k.unsupported("Ed25519 key that is cut")
		}
	case sign.PublicKey:
		k = describeCircl(p)
	default:
		k.unsupported(fmt.Sprintf("%T", pub))
	}
	return k
}

// describeSigner is describePublicKey for the public part of a private key. A nil pointer or a cut key of the standard
// library's kinds, on which Public would panic, is an unsupported key.
func describeSigner(key crypto.Signer, pss bool) (k publicKey) {
	broken := false
	switch p := key.(type) {
	case nil:
		broken = true
	case *rsa.PrivateKey:
		broken = p == nil
	case *ecdsa.PrivateKey:
		//lint:ignore SA1019 as above
		broken = p == nil || p.D == nil
	case ed25519.PrivateKey:
		broken = len(p) != ed25519.PrivateKeySize
	case sign.PrivateKey:
		broken = brokenCircl(p)
	}
	if broken {
		k.unsupported(fmt.Sprintf("%T that is nil or cut", key))
		return k
	}
	return describePublicKey(key.Public(), pss)
}

// octets are what stands in the subjectPublicKey bit string.
func (k *publicKey) octets() ([]byte, error) {
	switch p := k.key.(type) {
	case *rsa.PublicKey: // RFC 8017 §A.1.1
		var b cryptobyte.Builder
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1BigInt(p.N)
			b.AddASN1Int64(int64(p.E))
		})
		return b.Bytes()
	case *ecdsa.PublicKey:
		return p.Bytes()
	case ed25519.PublicKey:
		return p, nil
	case sign.PublicKey:
		return p.MarshalBinary()
	}
	return nil, ErrUnsupportedKey
}

// addSPKI writes a SubjectPublicKeyInfo.
func addSPKI(b *cryptobyte.Builder, k *publicKey) {
	octets, err := k.octets()
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addKeyID(b, k.typ) })
		b.AddASN1BitString(octets)
	})
}

// addKeyID writes the contents of a key's AlgorithmIdentifier.
func addKeyID(b *cryptobyte.Builder, typ KeyType) {
	switch typ {
	case RSA:
		addOID(b, oidRSAEncryption)
		b.AddASN1NULL()
	case RSAPSS:
		addOID(b, oidRSASSAPSS)
	case ECDSAP256:
		addOID(b, oidECPublicKey)
		addOID(b, oidP256)
	case ECDSAP384:
		addOID(b, oidECPublicKey)
		addOID(b, oidP384)
	case ECDSAP521:
		addOID(b, oidECPublicKey)
		addOID(b, oidP521)
	case Ed25519Key:
		addOID(b, oidEd25519)
	default:
		addOID(b, circlKeyByType(typ).oid)
	}
}
