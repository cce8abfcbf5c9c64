package x509lite

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
)

// keyEqual reports whether two private keys are the same.
func keyEqual(a, b any) bool {
	k, ok := a.(interface{ Equal(crypto.PrivateKey) bool })
	return ok && k.Equal(b)
}

func TestPrivateKeysOfOpenSSL(t *testing.T) {
	loaded := map[string]crypto.Signer{}
	for _, name := range []string{"rsa2048.key.pem", "rsa2048.key.der", "rsa2048-pkcs1.key.pem", "rsa2048-pkcs1.key.der", "rsapss2048.key.pem",
		"rsapss2048-sha384.key.pem", "p256.key.pem", "p256-sec1.key.pem", "p256-sec1.key.der", "p256-sec1-params.key.pem", "p256-both.pem",
		"p384.key.pem", "p384-sec1.key.pem", "ed25519.key.pem", "ed25519.key.der"} {
		key, err := LoadPrivateKey(fixture(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		loaded[name] = key
		if block, _ := pem.Decode(fixture(t, name)); block != nil && block.Type == "PRIVATE KEY" {
			if want, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil && !keyEqual(key, want) {
				t.Errorf("%s: crypto/x509 reads another key", name)
			}
		}
	}
	for _, same := range [][]string{{"rsa2048.key.pem", "rsa2048.key.der", "rsa2048-pkcs1.key.pem", "rsa2048-pkcs1.key.der"},
		{"p256.key.pem", "p256-sec1.key.pem", "p256-sec1.key.der", "p256-both.pem"}, {"p384.key.pem", "p384-sec1.key.pem"}} {
		for _, name := range same[1:] {
			if !keyEqual(loaded[same[0]], loaded[name]) {
				t.Errorf("%s and %s are different keys", same[0], name)
			}
		}
	}
	if keyEqual(loaded["p256.key.pem"], loaded["p256-sec1-params.key.pem"]) {
		t.Error("two keys are one")
	}
}

func TestPrivateKeysThatAreRefused(t *testing.T) {
	both := append(fixture(t, "p256.key.pem"), fixture(t, "p384.key.pem")...)
	for _, c := range []struct {
		name string
		data []byte
		want error
		text string
	}{
		{"encrypted PKCS #8", fixture(t, "p256-encrypted.key.pem"), ErrEncryptedKey, "encrypted"},
		{"encrypted PKCS #8 in DER", fixture(t, "p256-encrypted.key.der"), ErrEncryptedKey, "1.2.840.113549.1.5.13"},
		{"encrypted SEC 1", fixture(t, "p256-encrypted-legacy.key.pem"), ErrEncryptedKey, "PEM"},
		{"encrypted PKCS #1", fixture(t, "rsa2048-encrypted-legacy.key.pem"), ErrEncryptedKey, "PEM"},
		{"RSA of 1024 bits", fixture(t, "rsa1024.key.pem"), ErrWeakKey, "below 2048"},
		{"RSA of 512 bits", fixture(t, "rsa512.key.pem"), ErrWeakKey, "below 1024"},
		{"three primes", fixture(t, "rsa2048-3primes.key.pem"), ErrUnsupportedKey, "two primes"},
		{"secp256k1", fixture(t, "secp256k1.key.pem"), ErrUnsupportedKey, "1.3.132.0.10"},
		{"explicit curve", fixture(t, "p256-explicit.key.pem"), ErrUnsupportedKey, "without a name"},
		{"compressed point", fixture(t, "p256-compressed.key.pem"), ErrUnsupportedKey, "compressed"},
		{"OpenSSH", pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY"}), ErrUnsupportedKey, "OPENSSH"},
		{"certificate", fixture(t, "ed25519.crt.pem"), ErrNoPrivateKey, `"CERTIFICATE"`},
		{"certificate in DER", fixture(t, "p256-sha256.crt.der"), ErrMalformed, ""},
		{"two keys", both, ErrMalformed, "more than one"},
		{"nothing", nil, ErrMalformed, "neither"},
		{"empty block", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY"}), ErrMalformed, ""},
		{"damaged block", bytes.Replace(fixture(t, "p256.key.pem"), []byte("MI"), []byte("!!"), 1), ErrMalformed, "damaged"},
		{"too large", append([]byte{0x30, 0x83, 0, 0, 0}, make([]byte, MaxPrivateKeySize)...), ErrTooLarge, "above"},
		{"too large a file", make([]byte, MaxLoadSize+1), ErrTooLarge, "above"},
	} {
		key, err := LoadPrivateKey(c.data)
		if key != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %T, %v", c.name, key, err)
		}
	}
}

func TestCallerMayLowerTheRSABoundButNotBelowTheFloor(t *testing.T) {
	if _, err := (Loader{MinRSABits: 1024}).PrivateKey(fixture(t, "rsa1024.key.pem")); err != nil {
		t.Error(err)
	}
	for _, bits := range []int{1, 512, -1} {
		if _, err := (Loader{MinRSABits: bits}).PrivateKey(fixture(t, "rsa512.key.pem")); !errors.Is(err, ErrWeakKey) {
			t.Errorf("bound %d: %v", bits, err)
		}
	}
	if _, err := (Loader{MinRSABits: 3072}).PrivateKey(fixture(t, "rsa2048.key.pem")); !errors.Is(err, ErrWeakKey) {
		t.Error(err)
	}
}

// sec1 writes an ECPrivateKey from its parts.
func sec1(parts ...[]byte) []byte { return tlv(0x30, parts...) }

func TestSEC1IsStrict(t *testing.T) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 7)) // with leading zeros
	if err != nil {
		t.Fatal(err)
	}
	point, _ := key.PublicKey.Bytes()
	v, scalar := tlv(2, []byte{1}), tlv(4, make([]byte, 31), []byte{7})
	params, pub := tlv(0xa0, oidDER(oidP256)), tlv(0xa1, tlv(3, []byte{0}, point))
	for name, der := range map[string][]byte{"all": sec1(v, scalar, params, pub), "no public key": sec1(v, scalar, params)} {
		if got, err := LoadPrivateKey(der); err != nil || !keyEqual(got, key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	order := elliptic.P256().Params().N
	otherPoint := bytes.Clone(point)
	otherPoint[40] ^= 1
	for name, der := range map[string][]byte{
		"version 0":          sec1(tlv(2, []byte{0}), scalar, params, pub),
		"version 2":          sec1(tlv(2, []byte{2}), scalar, params, pub),
		"scalar of 31 bytes": sec1(v, tlv(4, make([]byte, 30), []byte{7}), params, pub),
		"scalar of 33 bytes": sec1(v, tlv(4, make([]byte, 32), []byte{7}), params, pub),
		"scalar zero":        sec1(v, tlv(4, make([]byte, 32)), params),
		"scalar n":           sec1(v, tlv(4, order.Bytes()), params),
		"another point":      sec1(v, scalar, params, tlv(0xa1, tlv(3, []byte{0}, otherPoint))),
		"cut point":          sec1(v, scalar, params, tlv(0xa1, tlv(3, []byte{0}, point[:64]))),
		"no point":           sec1(v, scalar, params, tlv(0xa1, tlv(3, []byte{0}))),
		"wrong order":        sec1(v, scalar, pub, params),
		"twice":              sec1(v, scalar, params, params),
		"trailing":           append(sec1(v, scalar, params), 0),
		"negative version":   sec1(tlv(2, []byte{0x81}), scalar, params),
	} {
		if got, err := LoadPrivateKey(der); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %T, %v", name, got, err)
		}
	}
	if _, err := LoadPrivateKey(sec1(v, scalar)); !errors.Is(err, ErrUnsupportedKey) {
		t.Errorf("no curve: %v", err)
	}
}

// pkcs8 writes a PrivateKeyInfo from its parts.
func pkcs8(version byte, alg, key []byte, rest ...[]byte) []byte {
	return tlv(0x30, tlv(2, []byte{version}), alg, tlv(4, key), bytes.Join(rest, nil))
}

func TestPKCS8IsStrict(t *testing.T) {
	seed := testKey.Seed()
	pub := testKey.Public().(ed25519.PublicKey)
	alg, inner := tlv(0x30, oidDER(oidEd25519)), tlv(4, seed)
	attributes, public := tlv(0xa0, []byte{5, 0}), tlv(0x81, []byte{0}, pub)
	for name, der := range map[string][]byte{
		"plain": pkcs8(0, alg, inner), "with attributes": pkcs8(0, alg, inner, attributes),
		"with public key": pkcs8(1, alg, inner, public), "with both": pkcs8(1, alg, inner, attributes, public),
	} {
		if got, err := LoadPrivateKey(der); err != nil || !keyEqual(got, testKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ecAlg := tlv(0x30, oidDER(oidECPublicKey), oidDER(oidP256))
	ec := sec1(tlv(2, []byte{1}), tlv(4, make([]byte, 31), []byte{7}))
	if _, err := LoadPrivateKey(pkcs8(0, ecAlg, ec)); err != nil {
		t.Errorf("EC: %v", err)
	}
	otherPub := bytes.Clone(pub)
	otherPub[0] ^= 1
	for name, der := range map[string][]byte{
		"version 2":                     pkcs8(2, alg, inner),
		"public key in version 1":       pkcs8(0, alg, inner, public),
		"another public key":            pkcs8(1, alg, inner, tlv(0x81, []byte{0}, otherPub)),
		"public key not of octets":      pkcs8(1, alg, inner, tlv(0x81, []byte{1}, pub[:31], []byte{0})),
		"seed of 31 bytes":              pkcs8(0, alg, tlv(4, seed[:31])),
		"seed without its own header":   pkcs8(0, alg, seed),
		"seed and more":                 pkcs8(0, alg, append(bytes.Clone(inner), 0)),
		"Ed25519 with parameters":       pkcs8(0, tlv(0x30, oidDER(oidEd25519), []byte{5, 0}), inner),
		"RSA without NULL":              pkcs8(0, tlv(0x30, oidDER(oidRSAEncryption)), inner),
		"two curves":                    pkcs8(0, ecAlg, sec1(tlv(2, []byte{1}), tlv(4, make([]byte, 31), []byte{7}), tlv(0xa0, oidDER(oidP384)))),
		"EC and more":                   pkcs8(0, ecAlg, append(bytes.Clone(ec), 0)),
		"something after":               pkcs8(0, alg, inner, []byte{5, 0}),
		"trailing":                      append(pkcs8(0, alg, inner), 0),
		"neither of the three":          tlv(0x30, tlv(2, []byte{0}), []byte{5, 0}),
		"encrypted, but not quite":      tlv(0x30, tlv(0x30, oidDER(oidTest)), []byte{5, 0}),
		"encrypted, and something more": tlv(0x30, tlv(0x30, oidDER(oidTest)), tlv(4, seed), []byte{5, 0}),
	} {
		if got, err := LoadPrivateKey(der); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %T, %v", name, got, err)
		}
	}
	if _, err := LoadPrivateKey(pkcs8(0, tlv(0x30, oidDER(oidTest)), inner)); !errors.Is(err, ErrUnsupportedKey) {
		t.Errorf("unknown algorithm: %v", err)
	}
}

// pkcs1 writes an RSAPrivateKey.
func pkcs1(version byte, numbers ...*big.Int) []byte {
	parts := [][]byte{tlv(2, []byte{version})}
	for _, n := range numbers {
		b := n.Bytes()
		if len(b) == 0 || b[0]&0x80 != 0 {
			b = append([]byte{0}, b...)
		}
		parts = append(parts, tlv(2, b))
	}
	return tlv(0x30, parts...)
}

func TestRSANumbersMustBelongTogether(t *testing.T) {
	signer, err := LoadPrivateKey(fixture(t, "rsa2048.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	k := signer.(*rsa.PrivateKey)
	numbers := func() []*big.Int {
		return []*big.Int{k.N, big.NewInt(int64(k.E)), k.D, k.Primes[0], k.Primes[1], k.Precomputed.Dp, k.Precomputed.Dq, k.Precomputed.Qinv}
	}
	if got, err := LoadPrivateKey(pkcs1(0, numbers()...)); err != nil || !keyEqual(got, k) {
		t.Fatal(err)
	}
	for i, name := range []string{"n", "e", "d", "p", "q", "dP", "dQ", "qInv"} {
		for _, delta := range []int64{2, -2} { // stays odd
			n := numbers()
			n[i] = new(big.Int).Add(n[i], big.NewInt(delta))
			if got, err := LoadPrivateKey(pkcs1(0, n...)); !errors.Is(err, ErrMalformed) {
				t.Errorf("%s%+d: %T, %v", name, delta, got, err)
			}
		}
		n := numbers()
		n[i] = new(big.Int)
		if got, err := LoadPrivateKey(pkcs1(0, n...)); err == nil {
			t.Errorf("%s zero: %T", name, got)
		}
	}
	for name, der := range map[string][]byte{
		"seven numbers": pkcs1(0, numbers()[:7]...),
		"nine numbers":  pkcs1(0, append(numbers(), k.D)...),
		"version 2":     pkcs1(2, numbers()...),
		"trailing":      append(pkcs1(0, numbers()...), 0),
		"p twice":       pkcs1(0, k.N, big.NewInt(int64(k.E)), k.D, k.Primes[0], k.Primes[0], k.Precomputed.Dp, k.Precomputed.Dp, k.Precomputed.Qinv),
	} {
		if got, err := LoadPrivateKey(der); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %T, %v", name, got, err)
		}
	}
}

func TestPrivateKeyCutOrFlippedIsNeverAnotherKeyInSilence(t *testing.T) {
	for _, name := range []string{"p256-sec1.key.der", "ed25519.key.der", "rsa2048.key.der"} {
		der := fixture(t, name)
		orig, err := LoadPrivateKey(der)
		if err != nil {
			t.Fatal(err)
		}
		for n := range der {
			if _, err := LoadPrivateKey(der[:n]); err == nil {
				t.Fatalf("%s cut to %d bytes is a key", name, n)
			}
		}
		for i := range der {
			bad := bytes.Clone(der)
			bad[i] ^= 1
			key, err := LoadPrivateKey(bad)
			// An Ed25519 seed is any 32 bytes: nothing in the file could tell.
			if err == nil && name != "ed25519.key.der" && !keyEqual(key, orig) {
				t.Fatalf("%s with byte %d flipped is another key", name, i)
			}
		}
	}
}

func TestErrorsHaveNothingOfTheKeyInThem(t *testing.T) {
	der := fixture(t, "p256-sec1.key.der")
	der[7]++ // the scalar, so that the point no longer fits
	_, err := LoadPrivateKey(der)
	if err == nil {
		t.Fatal("accepted")
	}
	if s := err.Error(); s != "x509lite: malformed publicKey at byte 5: is not the private key's" {
		t.Error(s)
	}
}

func FuzzLoadPrivateKey(f *testing.F) {
	for _, name := range fixtures(f, "*.key.*") {
		data := fixture(f, name)
		f.Add(data)
		if b, _ := pem.Decode(data); b != nil {
			f.Add(b.Bytes)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := LoadPrivateKey(data)
		if (key == nil) == (err == nil) {
			t.Fatalf("%T, %v", key, err)
		}
		if err != nil {
			return
		}
		der, err := MarshalPrivateKey(key)
		if err != nil {
			t.Fatalf("a key that was read can't be written: %v", err)
		}
		again, err := LoadPrivateKey(der)
		if err != nil || !keyEqual(key, again) {
			t.Fatalf("a key that was written can't be read: %v", err)
		}
	})
}
