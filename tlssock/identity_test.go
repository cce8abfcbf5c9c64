package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestIdentityHasItsMessageReady(t *testing.T) {
	leaf, issuer := makeID(t, "P-256", "leaf.example"), makeID(t, "P-384", "issuer.example")
	cert := leaf.cert
	cert.Certificate = append(cert.Certificate, issuer.cert.Certificate[0])
	id, err := newIdentity(&cert)
	if err != nil {
		t.Fatal(err)
	}
	var m wire.Certificate
	if err := m.Parse(id.message[0].plain[wire.HeaderLen:]); err != nil || len(m.Context) != 0 {
		t.Fatal(err)
	}
	i := 0
	for der := range m.Entries.All() {
		if !bytes.Equal(der, cert.Certificate[i]) {
			t.Errorf("certificate %d differs", i)
		}
		i++
	}
	if i != 2 || len(id.issuers) != 2 {
		t.Errorf("%d certificates, %d issuers", i, len(id.issuers))
	}
	authorities, err := wire.MakeAuthorities([]byte("0\x00"), issuer.leaf.RawSubject)
	if err != nil || !id.issuedBy(authorities) || !id.issuedBy(wire.Names{}) {
		t.Error("not issued by its issuer", err)
	}
}

func TestPeersOrderOfSchemesCounts(t *testing.T) {
	rsa := makeID(t, "RSA-2048", "x.example").cert
	id, err := newIdentity(&rsa)
	if err != nil {
		t.Fatal(err)
	}
	if s := id.fits(wire.MakeUint16s(tls.Ed25519, tls.PSSWithSHA512, tls.PSSWithSHA256)); s == nil || s.id != uint16(tls.PSSWithSHA512) {
		t.Errorf("%+v", s)
	}
	if s := id.fits(wire.MakeUint16s(tls.PKCS1WithSHA256, tls.Ed25519)); s != nil {
		t.Errorf("%+v", s)
	}
	rsa.SupportedSignatureAlgorithms = []tls.SignatureScheme{tls.PSSWithSHA384}
	if id, err = newIdentity(&rsa); err != nil || len(id.schemes) != 1 || id.schemes[0].id != uint16(tls.PSSWithSHA384) {
		t.Errorf("%v, %v", id.schemes, err)
	}
	rsa.SupportedSignatureAlgorithms = []tls.SignatureScheme{tls.Ed25519}
	if id, err = newIdentity(&rsa); err != nil || id.fits(wire.MakeUint16s(tls.Ed25519, tls.PSSWithSHA384)) != nil {
		t.Errorf("what no scheme of its key may sign signs: %v", err)
	}
}
