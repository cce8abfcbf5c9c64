package x509lite

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestLoadIdentity(t *testing.T) {
	for cert, key := range map[string]string{
		"rsa2048-sha256.crt.pem": "rsa2048-pkcs1.key.pem", "rsapss2048.crt.pem": "rsapss2048.key.pem",
		"p256-sha256.crt.pem": "p256-sec1.key.der", "p256-sha256.crt.der": "p256.key.pem", "p384-sha384.crt.pem": "p384-sec1.key.pem",
		"ed25519.crt.pem": "ed25519.key.der", "p256-both.pem": "p256-both.pem", "issued-chain.crt.pem": "p384.key.pem",
	} {
		id, err := LoadIdentity(fixture(t, cert), fixture(t, key))
		if err != nil {
			t.Errorf("%s with %s: %v", cert, key, err)
			continue
		}
		if id.Leaf == nil || id.Key == nil || !bytes.Equal(id.Chain[0], id.Leaf.Raw) {
			t.Errorf("%s: leaf and chain differ", cert)
		}
		if certs, err := ParsePEM(id.CertificatePEM()); err != nil || len(certs) != len(id.Chain) {
			t.Errorf("%s: written as %d certificates, %v", cert, len(certs), err)
		}
		keyPEM, err := id.PrivateKeyPEM()
		if err != nil {
			t.Errorf("%s: %v", cert, err)
		}
		if _, err := LoadIdentity(id.CertificatePEM(), keyPEM); err != nil {
			t.Errorf("%s, written and read: %v", cert, err)
		}
	}
}

func TestLoadIdentityRefuses(t *testing.T) {
	swapped := append(fixture(t, "pathlen.crt.pem"), fixture(t, "issued.crt.pem")...)
	for _, c := range []struct {
		name      string
		cert, key []byte
		want      error
		text      string
	}{
		{"another key of the same kind", fixture(t, "p256-sha256.crt.pem"), fixture(t, "p256-sec1-params.key.pem"), ErrKeyMismatch, "CN=p256-sha256"},
		{"a key of another kind", fixture(t, "p256-sha256.crt.pem"), fixture(t, "ed25519.key.pem"), ErrKeyMismatch, "ECDSA P-256"},
		{"leaf last", swapped, fixture(t, "p384.key.pem"), ErrKeyMismatch, "certificate 2"},
		{"no certificate", fixture(t, "p256.key.pem"), fixture(t, "p256.key.pem"), ErrNoCertificate, ""},
		{"no key", fixture(t, "p256-sha256.crt.pem"), fixture(t, "p256-sha256.crt.pem"), ErrNoPrivateKey, ""},
		{"encrypted key", fixture(t, "p256-sha256.crt.pem"), fixture(t, "p256-encrypted.key.pem"), ErrEncryptedKey, ""},
		{"weak key", fixture(t, "rsa1024.crt.pem"), fixture(t, "rsa1024.key.pem"), ErrWeakKey, ""},
		{"unsupported certificate", fixture(t, "secp256k1.crt.pem"), fixture(t, "p256.key.pem"), ErrUnsupportedKey, "secp256k1"},
		{"swapped arguments", fixture(t, "ed25519.key.pem"), fixture(t, "ed25519.crt.pem"), ErrNoCertificate, "PRIVATE KEY"},
	} {
		id, err := LoadIdentity(c.cert, c.key)
		if id != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := (Loader{MinRSABits: 1024}).Identity(fixture(t, "rsa1024.crt.pem"), fixture(t, "rsa1024.key.pem")); err != nil {
		t.Errorf("weak key on request: %v", err)
	}
}

func TestNewIdentityTakesAnySignerAndRefusesNothing(t *testing.T) {
	cert := fixtureCert(t, "p256-sha256")
	if _, err := NewIdentity(brokenSigner{cert.PublicKey}, cert); err != nil {
		t.Errorf("a signer that is not the standard library's: %v", err)
	}
	if _, err := NewIdentity(nil, cert); !errors.Is(err, ErrNoPrivateKey) {
		t.Error(err)
	}
	if _, err := NewIdentity(testKey); !errors.Is(err, ErrNoCertificate) {
		t.Error(err)
	}
	if _, err := NewIdentity(testKey, nil); !errors.Is(err, ErrNoCertificate) {
		t.Error(err)
	}
}
