package tlssock

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// issued is an identity that another one's key has issued.
func issued(t testing.TB, by testID, key, name string) testID {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: epoch.Add(-time.Hour), NotAfter: epoch.Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	signer := keyOnce[key]()
	der, err := x509.CreateCertificate(rand.Reader, template, by.std, signer.Public(), by.cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509lite.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return testID{cert: tls.Certificate{Certificate: [][]byte{der, by.cert.Certificate[0]}, PrivateKey: signer}, leaf: leaf}
}

func TestChainsSignaturesAreKnown(t *testing.T) {
	for by, scheme := range map[string]tls.SignatureScheme{
		"RSA-2048": tls.PKCS1WithSHA256, "P-256": tls.ECDSAWithP256AndSHA256, "P-384": tls.ECDSAWithP384AndSHA384, "Ed25519": tls.Ed25519,
	} {
		id := mustIdentity(t, issued(t, makeID(t, by, "authority"), "P-256", "x.example").cert)
		if len(id.signatures) != 1 { // its own signature does not count for the authority
			t.Fatalf("%s: %d signatures", by, len(id.signatures))
		}
		if !id.checkable(wire.MakeUint16s(tls.ECDSAWithP521AndSHA512, scheme)) || id.checkable(wire.MakeUint16s(tls.ECDSAWithP521AndSHA512)) {
			t.Errorf("%s: signed with another scheme than %v", by, scheme)
		}
	}
	for alg := x509lite.SHA256WithRSA; ; alg++ {
		if strings.HasPrefix(alg.String(), "unknown") { // past the last one
			break
		}
		for _, s := range schemesOfSignature[alg] {
			if all := offeredSchemes(true); !all.Contains(uint16(s)) {
				t.Errorf("%v is %v, which is not offered", alg, s)
			}
		}
		if len(schemesOfSignature[alg]) == 0 {
			t.Errorf("%v goes by no scheme", alg)
		}
	}
	if id := mustIdentity(t, makeID(t, "P-256", "x").cert); !id.checkable(nil) {
		t.Error("the signature of a self-signed certificate counts")
	}
	unknown := identity{signatures: [][]tls.SignatureScheme{nil}}
	if unknown.checkable(offeredSchemes(false)) {
		t.Error("an unknown signature can be checked")
	}
}

// signature_algorithms_cert is what counts for chains where it is there, signature_algorithms otherwise, and neither
// excludes (RFC 8446 §4.4.2.2).
func TestServerPrefersAChainThatTheClientCanCheck(t *testing.T) {
	byRSA := issued(t, makeID(t, "RSA-2048", "a"), "P-256", testServerName)
	byP384 := issued(t, makeID(t, "P-384", "b"), "P-256", testServerName)
	all := wire.MakeUint16s(tls.ECDSAWithP256AndSHA256, tls.ECDSAWithP384AndSHA384, tls.PKCS1WithSHA256)
	for _, c := range []struct {
		name          string
		schemes, cert wire.Uint16s
		want          testID
	}{
		{"any will do: the first", all, nil, byRSA},
		{"not RSA", wire.MakeUint16s(tls.ECDSAWithP256AndSHA256, tls.ECDSAWithP384AndSHA384), nil, byP384},
		{"in certificates not RSA", all, wire.MakeUint16s(tls.ECDSAWithP384AndSHA384), byP384},
		{"in certificates RSA", wire.MakeUint16s(tls.ECDSAWithP256AndSHA256), wire.MakeUint16s(tls.PKCS1WithSHA256), byRSA},
		{"neither: the first", wire.MakeUint16s(tls.ECDSAWithP256AndSHA256), nil, byRSA},
	} {
		p := newPair(t, func(_, s *Config) { s.Certificates = []tls.Certificate{byRSA.cert, byP384.cert} })
		raw := rawClientHello(t, func(h *clientHandshake) {
			h.hello.SignatureAlgorithms, h.hello.SignatureAlgorithmsCert = c.schemes, c.cert
			if c.cert != nil {
				h.hello.Has.Add(wire.ExtSignatureAlgorithmsCert)
			}
		})
		if _, err := p.server.Receive(nil, handshakeRecord(raw)); err != nil {
			t.Fatal(err)
		}
		if got := p.server.ConnectionState().LocalCertificate.Fingerprint(); got != c.want.leaf.Fingerprint() {
			t.Errorf("%s: another chain", c.name)
		}
	}
}

func TestClientPrefersAChainThatTheServerCanCheck(t *testing.T) {
	byRSA := issued(t, makeID(t, "RSA-2048", "a"), "P-256", testClientName)
	byP384 := issued(t, makeID(t, "P-384", "b"), "P-256", testClientName)
	p := newPair(t, func(c, _ *Config) { c.Certificates = []tls.Certificate{byRSA.cert, byP384.cert} })
	request := wire.CertificateRequest{
		Has:                 wire.SetOf(wire.ExtSignatureAlgorithms, wire.ExtSignatureAlgorithmsCert),
		SignatureAlgorithms: offeredSchemes(false), SignatureAlgorithmsCert: wire.MakeUint16s(tls.ECDSAWithP384AndSHA384),
	}
	p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificateRequest, func() ([]byte, error) { return request.Append(nil) })
	p.handshake()
	if cs := p.client.ConnectionState(); p.client.Err() != nil || cs.LocalCertificate.Fingerprint() != byP384.leaf.Fingerprint() {
		t.Errorf("%v: another chain", p.client.Err())
	}
}

// What is offered for the handshake alone: certificates are signed by whatever x509lite verifies.
func TestSignatureSchemesOfThePeer(t *testing.T) {
	for _, c := range []struct {
		key string
		ok  bool
	}{{"P-384", true}, {"P-256", false}} {
		id := makeID(t, c.key, testServerName)
		p := newPair(t, func(cc, s *Config) {
			cc.SignatureSchemes, cc.Trust = []tls.SignatureScheme{tls.Ed25519, tls.ECDSAWithP384AndSHA384}, id.pin()
			s.Certificates, s.SignatureSchemes = []tls.Certificate{id.cert}, []tls.SignatureScheme{tls.Ed25519}
		})
		p.client.Start()
		hello := p.client.hs.client.hello
		if hello.SignatureAlgorithms.Len() != 2 || string(hello.SignatureAlgorithmsCert) != string(offeredSchemes(true)) {
			t.Errorf("offers %x and %x", hello.SignatureAlgorithms, hello.SignatureAlgorithmsCert)
		}
		p.run()
		if c.ok {
			p.mustBeOpen()
		} else {
			p.wantAlert(p.server, AlertHandshakeFailure)
		}
	}
	// A scheme that is supported, but was not offered.
	id := makeID(t, "P-256", testServerName)
	p := newPair(t, func(cc, s *Config) {
		cc.SignatureSchemes, cc.Trust, s.Certificates = []tls.SignatureScheme{tls.Ed25519}, id.pin(), append([]tls.Certificate{id.cert}, s.Certificates...)
	})
	r := p.beRogueServer(serverScript...)
	r.hello = func(*wire.ServerHello) { r.id = &r.prep.identities[0]; r.scheme = r.id.schemes[0] }
	p.handshake()
	if a := alertOf(p.client.Err()); a == nil || a.Alert != AlertIllegalParameter {
		t.Error(p.client.Err())
	}
}
