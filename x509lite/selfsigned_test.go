package x509lite

import (
	"crypto/x509"
	"testing"
	"time"
)

var testNow = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func TestSelfSignedSmoke(t *testing.T) {
	for _, kt := range []KeyType{0, RSA, RSAPSS, ECDSAP256, ECDSAP384, Ed25519Key} {
		id, err := SelfSigned(SelfSignedOptions{Now: testNow, KeyType: kt, Names: []string{"a.example", "::1"}})
		if err != nil {
			t.Fatal(kt, err)
		}
		x, err := x509.ParseCertificate(id.Chain[0])
		if err != nil {
			t.Error(kt, err)
			continue
		}
		t.Log(x.SignatureAlgorithm, x.PublicKeyAlgorithm, len(x.Raw))
		tr := Pin(id.Leaf)
		l, err := tr.Verify(id.Chain, VerifyOptions{Now: testNow, Name: "a.example"})
		if err != nil || l != id.Leaf {
			t.Error(err)
		}
		k, err := id.PrivateKeyPEM()
		if err != nil {
			t.Error(err)
		}
		if _, err := LoadIdentity(id.CertificatePEM(), k); err != nil {
			t.Error(err)
		}
		_, err = tr.Verify(id.Chain, VerifyOptions{Now: testNow, Name: "b.example"})
		t.Log(err)
	}
}
