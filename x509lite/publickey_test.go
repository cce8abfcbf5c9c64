package x509lite

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
)

// readSPKI reads a SubjectPublicKeyInfo.
func readSPKI(der []byte) (publicKey, *ParseError) {
	r, s := newDERReader(der)
	k := parseSPKI(r, r.read(&s, 0x30, "spki"))
	return k, r.err
}

// rsaSPKI writes an RSA key's SubjectPublicKeyInfo.
func rsaSPKI(params, n, e []byte) []byte {
	return tlv(0x30, tlv(0x30, oidDER(oidRSAEncryption), params), tlv(3, []byte{0}, tlv(0x30, tlv(2, n), tlv(2, e))))
}

// modulus is an odd number of so many bits, as the contents of an INTEGER.
func modulus(bits int) []byte {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	b := n.Add(n, big.NewInt(1)).Bytes()
	if bits%8 == 0 {
		b = append([]byte{0}, b...)
	}
	return b
}

func TestRSAKeySizes(t *testing.T) {
	null, e := []byte{5, 0}, []byte{1, 0, 1}
	for _, c := range []struct {
		name string
		n, e []byte
		bits int
		want error
	}{
		{"1023 bits", modulus(1023), e, 1023, ErrWeakKey},
		{"1024 bits", modulus(MinRSABits), e, 1024, nil},
		{"8192 bits", modulus(MaxRSABits), e, 8192, nil},
		{"8193 bits", modulus(MaxRSABits + 1), e, 8193, ErrUnsupportedKey},
		{"e 1", modulus(2048), []byte{1}, 2048, ErrUnsupportedKey},
		{"e 2", modulus(2048), []byte{2}, 2048, ErrUnsupportedKey},
		{"e 3", modulus(2048), []byte{3}, 2048, nil},
		{"e even", modulus(2048), []byte{1, 0, 0}, 2048, ErrUnsupportedKey},
		{"e 2³¹-1", modulus(2048), []byte{0x7f, 0xff, 0xff, 0xff}, 2048, nil},
		{"e 2³¹+1", modulus(2048), []byte{0, 0x80, 0, 0, 1}, 2048, ErrUnsupportedKey},
		{"e as large as n", modulus(2048), modulus(2048), 2048, ErrUnsupportedKey},
		{"n even", append(bytes.Repeat([]byte{0x7f}, 255), 0x7e), e, 2047, ErrUnsupportedKey},
	} {
		k, err := readSPKI(rsaSPKI(null, c.n, c.e))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !errors.Is(k.err, c.want) || (k.key == nil) != (c.want != nil) || k.bits != c.bits {
			t.Errorf("%s: %d bits, %v", c.name, k.bits, k.err)
		}
	}
}

func TestMalformedPublicKeys(t *testing.T) {
	null, e := []byte{5, 0}, []byte{1, 0, 1}
	ed := func(params, key []byte) []byte {
		return tlv(0x30, tlv(0x30, oidDER(oidEd25519), params), tlv(3, []byte{0}, key))
	}
	ec := func(curve string, point []byte) []byte {
		return tlv(0x30, tlv(0x30, oidDER(oidECPublicKey), oidDER(curve)), tlv(3, []byte{0}, point))
	}
	off := append([]byte{4}, make([]byte, 64)...)
	for name, der := range map[string][]byte{
		"RSA without NULL":          rsaSPKI(nil, modulus(2048), e),
		"RSA with other parameters": rsaSPKI([]byte{2, 1, 0}, modulus(2048), e),
		"RSA negative modulus":      rsaSPKI(null, []byte{0xff}, e),
		"RSA modulus zero":          rsaSPKI(null, []byte{0}, e),
		"RSA exponent zero":         rsaSPKI(null, modulus(2048), []byte{0}),
		"RSA modulus not minimal":   rsaSPKI(null, append([]byte{0, 0}, modulus(2048)...), e),
		"RSA three numbers":         tlv(0x30, tlv(0x30, oidDER(oidRSAEncryption), null), tlv(3, []byte{0}, tlv(0x30, tlv(2, modulus(2048)), tlv(2, e), tlv(2, e)))),
		"RSA trailing":              tlv(0x30, tlv(0x30, oidDER(oidRSAEncryption), null), tlv(3, []byte{0}, tlv(0x30, tlv(2, modulus(2048)), tlv(2, e)), null)),
		"Ed25519 with parameters":   ed(null, make([]byte, 32)),
		"Ed25519 of 31 bytes":       ed(nil, make([]byte, 31)),
		"Ed25519 of 33 bytes":       ed(nil, make([]byte, 33)),
		"P-256 off the curve":       ec(oidP256, off),
		"P-256 point at infinity":   ec(oidP256, []byte{0}),
		"P-256 cut":                 ec(oidP256, off[:64]),
		"P-256 empty":               ec(oidP256, nil),
		"P-384 with P-256's size":   ec(oidP384, off),
		"curve and more":            tlv(0x30, tlv(0x30, oidDER(oidECPublicKey), oidDER(oidP256), null), tlv(3, []byte{0}, off)),
		"bits not octets":           tlv(0x30, tlv(0x30, oidDER(oidEd25519)), tlv(3, []byte{1}, make([]byte, 32))),
		"element after the key":     tlv(0x30, tlv(0x30, oidDER(oidEd25519)), tlv(3, []byte{0}, make([]byte, 32)), null),
	} {
		if k, err := readSPKI(der); err == nil {
			t.Errorf("%s: read as %v (%v)", name, k.typ, k.err)
		}
	}
}

func TestUnsupportedKeysAreNotMalformed(t *testing.T) {
	for name, text := range map[string]string{"secp256k1": "1.3.132.0.10",
		"p256-explicit": "without a name", "p256-compressed": "compressed"} {
		c := fixtureCert(t, name)
		if c.PublicKey != nil || c.KeyType != UnknownKey || !errors.Is(c.KeyError(), ErrUnsupportedKey) {
			t.Errorf("%s: %v, %v", name, c.KeyType, c.KeyError())
		} else if !strings.Contains(c.KeyError().Error(), text) {
			t.Errorf("%s: %q does not say %q", name, c.KeyError(), text)
		}
	}
	if c := fixtureCert(t, "rsa512"); !errors.Is(c.KeyError(), ErrWeakKey) || c.KeyBits != 512 || c.KeyType != RSA {
		t.Errorf("RSA of 512 bits: %v, %d bits, %v", c.KeyType, c.KeyBits, c.KeyError())
	}
}

func TestRestrictedPSSKey(t *testing.T) {
	if c := fixtureCert(t, "rsapss2048"); c.KeyType != RSAPSS || c.PSSHash != 0 {
		t.Errorf("not restricted: %v, %v", c.KeyType, c.PSSHash)
	}
	c := fixtureCert(t, "rsapss2048-sha384")
	if c.KeyType != RSAPSS || c.PSSHash != crypto.SHA384 || c.minSalt != 48 {
		t.Errorf("restricted: %v, %v, salt %d", c.KeyType, c.PSSHash, c.minSalt)
	}
	for _, p := range []struct {
		hash crypto.Hash
		salt int
		want bool
	}{{crypto.SHA384, 48, true}, {crypto.SHA384, 100, true}, {crypto.SHA384, 47, false}, {crypto.SHA256, 48, false}} {
		if got := c.permitsPSS(p.hash, p.salt); got != p.want {
			t.Errorf("%v with salt %d: %v", p.hash, p.salt, got)
		}
	}
	weak := tlv(0x30, tlv(0x30, oidDER(oidRSASSAPSS), pss()), tlv(3, []byte{0}, tlv(0x30, tlv(2, modulus(2048)), tlv(2, []byte{3}))))
	if k, err := readSPKI(weak); err != nil || !errors.Is(k.err, ErrUnsupportedKey) {
		t.Errorf("key for SHA-1 only: %v, %v", k.err, err)
	}
}

func TestPublicKeysReadAsTheyAreWritten(t *testing.T) {
	for _, name := range everyKind {
		c := fixtureCert(t, name)
		if c.PSSHash != 0 {
			continue // parameters are never written
		}
		k := describePublicKey(c.PublicKey, c.KeyType == RSAPSS)
		var b cryptobyte.Builder
		addSPKI(&b, &k)
		if k.typ != c.KeyType || k.bits != c.KeyBits || !bytes.Equal(b.BytesOrPanic(), c.RawSPKI) {
			t.Errorf("%s: written as %v", name, k.typ)
		}
	}
}

// brokenSigner's Public gives whatever a test wants.
type brokenSigner struct{ pub crypto.PublicKey }

func (b brokenSigner) Public() crypto.PublicKey { return b.pub }
func (brokenSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return []byte("no signature"), nil
}

func TestBrokenSignersAreUnsupportedKeys(t *testing.T) {
	p224, err := ecdsa.GenerateKey(elliptic.P224(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{
		"nil": nil, "nil RSA": (*rsa.PrivateKey)(nil), "nil ECDSA": (*ecdsa.PrivateKey)(nil), "empty RSA": &rsa.PrivateKey{},
		"empty ECDSA": &ecdsa.PrivateKey{}, "no point": &ecdsa.PrivateKey{PublicKey: ecdsa.PublicKey{Curve: elliptic.P256()}},
		"no scalar": &ecdsa.PrivateKey{PublicKey: *fixtureCert(t, "p256-sha256").PublicKey.(*ecdsa.PublicKey)}, "cut Ed25519": ed25519.PrivateKey{1}, "P-224": p224,
		"no public key": brokenSigner{}, "nil public key": brokenSigner{(*rsa.PublicKey)(nil)},
		"nil point": brokenSigner{(*ecdsa.PublicKey)(nil)}, "cut public key": brokenSigner{ed25519.PublicKey{1}}, "string": brokenSigner{"x"},
	} {
		if k := describeSigner(key, false); !errors.Is(k.err, ErrUnsupportedKey) {
			t.Errorf("%s: %v", name, k.err)
		}
		if _, err := MarshalPrivateKey(key); err == nil {
			t.Errorf("%s: written", name)
		}
		if _, err := NewIdentity(key, fixtureCert(t, "ed25519")); err == nil {
			t.Errorf("%s: made an identity", name)
		}
		if _, err := SelfSigned(SelfSignedOptions{Now: testNow, Key: key}); key != nil && !errors.Is(err, ErrUnsupportedKey) {
			t.Errorf("%s: SelfSigned: %v", name, err)
		}
	}
	//lint:ignore SA1019 there is no other way to a point off the curve
	off := &ecdsa.PublicKey{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}
	if _, err := SelfSigned(SelfSignedOptions{Now: testNow, Key: brokenSigner{off}}); err == nil {
		t.Error("a point off the curve made a certificate")
	}
	if _, err := SelfSigned(SelfSignedOptions{Now: testNow, Key: brokenSigner{testKey.Public()}}); !errors.Is(err, ErrSelfSignature) {
		t.Errorf("a key that signs nonsense: %v", err)
	}
}
