package x509lite

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/pem"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A Loader loads private keys and identities under bounds of the caller's. The zero Loader has the defaults; the
// package's functions are its methods.
type Loader struct {
	MinRSABits int // smallest RSA modulus; 0: DefaultMinRSABits; never under MinRSABits
}

// LoadPrivateKey is Loader{}.PrivateKey.
func LoadPrivateKey(data []byte) (crypto.Signer, error) { return Loader{}.PrivateKey(data) }

// PrivateKey reads one private key in PEM or DER: PKCS #8 (RFC 5208, 5958), PKCS #1 (RFC 8017 §A.1.2) or SEC 1 (RFC
// 5915). It gives an *rsa.PrivateKey, an *ecdsa.PrivateKey, an ed25519.PrivateKey, or circl's private key of Ed448 (RFC
// 8410) or ML-DSA (RFC 9881). In PEM, certificates and EC PARAMETERS may stand beside it, but no second key.
//
// errors.Is finds ErrEncryptedKey, ErrNoPrivateKey, ErrUnsupportedKey, ErrWeakKey, ErrTooLarge or ErrMalformed. No
// error's text has anything of the key in it.
func (l Loader) PrivateKey(data []byte) (crypto.Signer, error) {
	if isDER(data) {
		return l.parsePrivateKey(data)
	}
	blocks, err := pemBlocks(data)
	if err != nil {
		return nil, err
	}
	var found *pem.Block
	for _, b := range blocks {
		switch b.Type {
		case pemPrivateKey, "RSA PRIVATE KEY", "EC PRIVATE KEY":
			if b.Headers["DEK-Info"] != "" || b.Headers["Proc-Type"] != "" { // RFC 1421 §4.6.1
				return nil, fmt.Errorf("x509lite: %w (PEM encryption)", ErrEncryptedKey)
			}
		case "ENCRYPTED PRIVATE KEY": // RFC 7468 §11
			return nil, fmt.Errorf("x509lite: %w (PKCS #8)", ErrEncryptedKey)
		case "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY":
			return nil, fmt.Errorf("x509lite: %w: %s", ErrUnsupportedKey, b.Type)
		default:
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("x509lite: input: %w: more than one private key", ErrMalformed)
		}
		found = b
	}
	if found == nil {
		return nil, fmt.Errorf("x509lite: %w in the input%s", ErrNoPrivateKey, blockList(blocks))
	}
	return l.parsePrivateKey(found.Bytes)
}

// parsePrivateKey tells the encodings apart by what they begin with.
func (l Loader) parsePrivateKey(der []byte) (crypto.Signer, error) {
	if len(der) > MaxPrivateKeySize {
		return nil, fmt.Errorf("x509lite: private key: %w: %d bytes, above %d", ErrTooLarge, len(der), MaxPrivateKeySize)
	}
	r, s := newDERReader(der)
	k := keyReader{r: r, loader: l}
	seq := r.read(&s, asn1.SEQUENCE, "private key")
	r.end(s, "private key")
	if seq.PeekASN1Tag(asn1.SEQUENCE) { // EncryptedPrivateKeyInfo (RFC 5208 §6) begins with an AlgorithmIdentifier
		return k.encrypted(seq)
	}
	at := seq
	version := r.number(&seq, 255, "version")
	switch {
	case seq.PeekASN1Tag(asn1.SEQUENCE):
		k.pkcs8(seq, version)
	case seq.PeekASN1Tag(asn1.OCTET_STRING):
		k.sec1(seq, version, "")
	case seq.PeekASN1Tag(asn1.INTEGER):
		k.pkcs1(seq, version)
	default:
		r.fail(at, "private key", "neither PKCS #8 nor PKCS #1 nor SEC 1")
	}
	if r.err != nil {
		return nil, r.err
	}
	if k.err != nil {
		return nil, fmt.Errorf("x509lite: private key: %w", k.err)
	}
	return k.key, nil
}

// A keyReader reads one private key: to key, to err, or to r's error.
type keyReader struct {
	r      *derReader
	loader Loader
	key    crypto.Signer
	err    error
}

// encrypted recognises EncryptedPrivateKeyInfo.
func (k *keyReader) encrypted(seq cryptobyte.String) (crypto.Signer, error) {
	r := k.r
	id := r.read(&seq, asn1.SEQUENCE, "encryptionAlgorithm")
	oid := r.oid(&id, "encryptionAlgorithm")
	r.read(&seq, asn1.OCTET_STRING, "encryptedData")
	r.end(seq, "encryptedData")
	if r.err != nil {
		return nil, r.err
	}
	return nil, fmt.Errorf("x509lite: %w (PKCS #8, algorithm %s)", ErrEncryptedKey, oidString(oid))
}

// unsupported ends the reading of a key that is none of ours.
func (k *keyReader) unsupported(format string, args ...any) {
	k.err = algorithmError{ErrUnsupportedKey, fmt.Sprintf(format, args...)}
}

// pkcs8 reads PrivateKeyInfo (RFC 5208 §5) or OneAsymmetricKey (RFC 5958 §2) after its version.
func (k *keyReader) pkcs8(s cryptobyte.String, version int) {
	r := k.r
	at := s
	id := r.read(&s, asn1.SEQUENCE, "privateKeyAlgorithm")
	oid := r.oid(&id, "privateKeyAlgorithm")
	inner := r.read(&s, asn1.OCTET_STRING, "privateKey")
	r.optional(&s, tagVersion, "attributes") // [0], a SET OF that nobody needs
	var public []byte
	if s.PeekASN1Tag(tagIssuerUID) { // [1] publicKey, with version 2 only
		var unused int
		if public, unused = r.bitString(&s, tagIssuerUID, "publicKey"); version != 1 || unused != 0 {
			r.fail(at, "publicKey", "in a version 1 key, or not of whole octets")
		}
	}
	r.end(s, "private key")
	if version > 1 {
		r.fail(at, "version", "%d", version)
	}
	if r.err != nil {
		return
	}
	k.pkcs8Key(oid, id, inner)
	if k.key != nil && public != nil && !publicOctetsEqual(k.key, public) {
		r.fail(at, "publicKey", "is not the private key's")
	}
}

// pkcs8Key reads the privateKey field of PKCS #8.
func (k *keyReader) pkcs8Key(oid string, params, inner cryptobyte.String) {
	r := k.r
	switch oid {
	case oidRSAEncryption, oidRSASSAPSS:
		if oid == oidRSAEncryption {
			r.null(&params, "parameters")
			r.end(params, "parameters")
		}
		seq := r.read(&inner, asn1.SEQUENCE, "RSAPrivateKey")
		r.end(inner, "RSAPrivateKey")
		v := r.number(&seq, 255, "version")
		k.pkcs1(seq, v)
	case oidECPublicKey:
		curve := k.curveName(params)
		seq := r.read(&inner, asn1.SEQUENCE, "ECPrivateKey")
		r.end(inner, "ECPrivateKey")
		v := r.number(&seq, 255, "version")
		k.sec1(seq, v, curve)
	case oidEd25519: // RFC 8410 §7: an OCTET STRING within the OCTET STRING
		r.params(params, paramsAbsent)
		seed := r.read(&inner, asn1.OCTET_STRING, "CurvePrivateKey")
		r.end(inner, "CurvePrivateKey")
		if r.err == nil && len(seed) != ed25519.SeedSize {
			r.fail(seed, "CurvePrivateKey", "%d bytes where %d belong", len(seed), ed25519.SeedSize)
		}
		if r.err == nil {
			k.key = ed25519.NewKeyFromSeed(seed)
		}
	default:
		c := circlKeyOf(oid)
		if c == nil {
			k.unsupported("algorithm %s", oidString(oid))
			return
		}
		r.params(params, paramsAbsent)
		c.pkcs8(k, inner)
	}
}

// curveName reads ECParameters, of which only a named curve is supported (RFC 5480 §2.1.1).
func (k *keyReader) curveName(params cryptobyte.String) (oid string) {
	if !params.Empty() && !params.PeekASN1Tag(asn1.OBJECT_IDENTIFIER) {
		k.unsupported("elliptic curve without a name")
		return ""
	}
	oid = k.r.oid(&params, "namedCurve")
	k.r.end(params, "namedCurve")
	return oid
}

// sec1 reads ECPrivateKey after its version (RFC 5915 §3). curve is the OID that stands around it, or empty.
func (k *keyReader) sec1(s cryptobyte.String, version int, curve string) {
	r := k.r
	at := s
	scalar := r.read(&s, asn1.OCTET_STRING, "privateKey")
	if p, ok := r.optional(&s, tagVersion, "parameters"); ok { // [0]
		inner := k.curveName(p)
		if curve != "" && inner != curve {
			r.fail(at, "parameters", "two curves are named")
		}
		curve = inner
	}
	var public []byte
	if p, ok := r.optional(&s, tagIssuerUID|0x20, "publicKey"); ok { // [1] EXPLICIT
		public = r.octets(&p, "publicKey")
		r.end(p, "publicKey")
	}
	r.end(s, "ECPrivateKey")
	if version != 1 {
		r.fail(at, "version", "%d where 1 belongs", version)
	}
	if r.err != nil || k.err != nil {
		return
	}
	_, c := curveOf(curve)
	if c == nil {
		k.unsupported("elliptic curve %s", oidString(curve))
		return
	}
	if len(public) > 0 && (public[0] == 2 || public[0] == 3) {
		k.unsupported("compressed point")
		return
	}
	key, err := ecdsa.ParseRawPrivateKey(c, scalar) // fixed length (RFC 5915 §3), 1 to n-1
	if err != nil {
		r.fail(at, "privateKey", "no private key of %s", c.Params().Name)
		return
	}
	if public != nil && !publicOctetsEqual(key, public) {
		r.fail(at, "publicKey", "is not the private key's")
		return
	}
	k.key = key
}

// pkcs1 reads RSAPrivateKey after its version (RFC 8017 §A.1.2) and checks that its numbers belong together.
func (k *keyReader) pkcs1(s cryptobyte.String, version int) {
	r := k.r
	at := s
	var v [8]*big.Int
	for i, field := range []string{"modulus", "publicExponent", "privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"} {
		v[i] = r.bigInt(&s, field)
	}
	if version == 1 && r.err == nil {
		k.unsupported("RSA with more than two primes")
		return
	}
	r.end(s, "RSAPrivateKey")
	if version != 0 {
		r.fail(at, "version", "%d where 0 belongs", version)
	}
	if r.err != nil {
		return
	}
	if k.err = checkRSAPublic(v[0], v[1]); k.err != nil {
		return
	}
	if bound := rsaBound(k.loader.MinRSABits); v[0].BitLen() < bound {
		k.err = algorithmError{ErrWeakKey, fmt.Sprintf("RSA of %d bits, below %d", v[0].BitLen(), bound)}
		return
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: v[0], E: int(v[1].Int64())}, D: v[2], Primes: []*big.Int{v[3], v[4]}}
	key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv = v[5], v[6], v[7]
	key.Precompute()
	if err := key.Validate(); err != nil {
		r.fail(at, "RSAPrivateKey", "its numbers do not belong together")
		return
	}
	k.key = key
}

// publicOctetsEqual reports whether octets are the key's public part as it stands in a subjectPublicKey.
func publicOctetsEqual(key crypto.Signer, octets []byte) bool {
	k := describeSigner(key, false)
	own, err := k.octets()
	return err == nil && bytes.Equal(own, octets)
}
