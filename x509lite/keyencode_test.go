package x509lite

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"testing"
)

func TestPrivateKeysAreWrittenAsCryptoX509WritesThem(t *testing.T) {
	for _, name := range []string{"rsa2048.key.pem", "p256.key.pem", "p384.key.pem", "ed25519.key.pem"} {
		key, err := LoadPrivateKey(fixture(t, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := MarshalPrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		want, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %x, crypto/x509 writes %x", name, got, want)
		}
		text, err := PrivateKeyPEM(key)
		if err != nil || string(text) != string(fixture(t, name)) {
			t.Errorf("%s: OpenSSL's file has another text (%v)", name, err)
		}
		if again, err := LoadPrivateKey(text); err != nil || !keyEqual(again, key) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRSAKeyWithoutPrecomputedValuesIsWritten(t *testing.T) {
	signer, err := LoadPrivateKey(fixture(t, "rsa2048.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	k := signer.(*rsa.PrivateKey)
	bare := &rsa.PrivateKey{PublicKey: k.PublicKey, D: k.D, Primes: k.Primes}
	der, err := MarshalPrivateKey(bare)
	if err != nil || bare.Precomputed.Dp != nil {
		t.Errorf("%v, or the caller's key was written to", err)
	}
	if again, err := LoadPrivateKey(der); err != nil || !keyEqual(again, k) {
		t.Error(err)
	}
}

func TestKeysThatShowNoSecretAreNotWritten(t *testing.T) {
	signer, err := LoadPrivateKey(fixture(t, "rsa2048.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	k := signer.(*rsa.PrivateKey)
	if _, err := PrivateKeyPEM(brokenSigner{k.Public()}); !errors.Is(err, ErrUnsupportedKey) {
		t.Error(err)
	}
	if _, err := PrivateKeyPEM(&rsa.PrivateKey{PublicKey: k.PublicKey, D: k.D}); !errors.Is(err, ErrUnsupportedKey) {
		t.Errorf("no primes: %v", err)
	}
	if _, err := PrivateKeyPEM(&rsa.PrivateKey{PublicKey: k.PublicKey, D: k.N, Primes: k.Primes}); err == nil {
		t.Error("a key whose numbers do not belong together was written")
	}
	if _, err := PrivateKeyPEM(nil); !errors.Is(err, ErrNoPrivateKey) {
		t.Error(err)
	}
}
