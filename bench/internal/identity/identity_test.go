package identity

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"testing"
)

func TestAPairHasKeysOfItsKind(t *testing.T) {
	p, err := NewPair(P256)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.Client.PrivateKey.(*ecdsa.PrivateKey); !ok {
		t.Errorf("P-256: %T", p.Client.PrivateKey)
	}
	p, err = NewPair(Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.Server.PrivateKey.(ed25519.PrivateKey); !ok {
		t.Errorf("Ed25519: %T", p.Server.PrivateKey)
	}
	if err := p.Server.Leaf.VerifyHostname(ServerName); err != nil {
		t.Error(err)
	}
	if p.Server.Leaf.CheckSignature(p.Server.Leaf.SignatureAlgorithm, p.Server.Leaf.RawTBSCertificate, p.Server.Leaf.Signature) != nil {
		t.Error("the signature of a self-signed certificate does not verify")
	}
}
