package tlssock

import (
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// delegate makes a credential for a key, signed by that of an identity with an ECDSA key on P-256 (RFC 9345 §4).
func delegate(t testing.TB, by testID, key string, scheme tls.SignatureScheme, valid time.Duration) DelegatedCredential {
	t.Helper()
	signer := makeID(t, key, "x").cert.PrivateKey.(crypto.Signer)
	info, err := x509lite.NewPublicKeyInfo(signer)
	if err != nil {
		t.Fatal(err)
	}
	dc := wire.DelegatedCredential{
		ValidTime: uint32(valid / time.Second), VerifyAlgorithm: uint16(scheme), SPKI: info.RawSPKI, Algorithm: uint16(tls.ECDSAWithP256AndSHA256), Signature: []byte{0},
	}
	raw, err := dc.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	content := append(make([]byte, 0, 1024), "                                                                TLS, server delegated credentials\x00"...)
	content = append(append(content, by.cert.Certificate[0]...), raw[:len(raw)-3]...) // without the signature: the credential and its algorithm
	h := crypto.SHA256.New()
	h.Write(content)
	if dc.Signature, err = by.cert.PrivateKey.(crypto.Signer).Sign(rand.Reader, h.Sum(nil), crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	if raw, err = dc.Append(nil); err != nil {
		t.Fatal(err)
	}
	return DelegatedCredential{Certificate: by.cert.Certificate, Credential: raw, PrivateKey: signer}
}

// A client that takes delegated credentials gets one while it is valid, and signed by its key; all others get the certificate.
func TestDelegatedCredentialIsPresentedToThoseWhoTakeIt(t *testing.T) {
	by := makeID(t, "P-256", testServerName) // valid since an hour
	for _, c := range []struct {
		name             string
		schemes, offered wire.Uint16s
		valid            time.Duration
		want             bool
	}{
		{"taken", offeredSchemes(false), wire.MakeUint16s(tls.Ed25519), 2 * time.Hour, true},
		{"not asked for", offeredSchemes(false), nil, 2 * time.Hour, false},
		{"by another scheme", offeredSchemes(false), wire.MakeUint16s(tls.ECDSAWithP384AndSHA384), 2 * time.Hour, false},
		{"its signature is not taken", wire.MakeUint16s(tls.Ed25519, tls.PSSWithSHA256), wire.MakeUint16s(tls.Ed25519), 2 * time.Hour, false},
		{"expired", offeredSchemes(false), wire.MakeUint16s(tls.Ed25519), time.Hour, false},
	} {
		dc := delegate(t, by, "Ed25519", tls.Ed25519, c.valid)
		p := newPair(t, func(_, s *Config) {
			s.Certificates, s.DelegatedCredentials = []tls.Certificate{by.cert}, []DelegatedCredential{dc}
		})
		raw := rawClientHello(t, func(h *clientHandshake) {
			h.hello.SignatureAlgorithms, h.hello.DelegatedCredential = c.schemes, c.offered
			if c.offered != nil {
				h.hello.Has.Add(wire.ExtDelegatedCredential)
			}
		})
		_, err := p.server.Receive(nil, handshakeRecord(raw))
		if c.name == "its signature is not taken" { // nor that of the certificate's key
			if a := alertOf(err); a == nil || a.Alert != AlertHandshakeFailure {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		cs := p.server.ConnectionState()
		if err != nil || (cs.LocalSignatureScheme == tls.Ed25519) != c.want || cs.LocalCertificate.Fingerprint() != by.leaf.Fingerprint() {
			t.Errorf("%s: %v, signed with %v", c.name, err, cs.LocalSignatureScheme)
		}
	}
}

func TestDelegatedCredentialIsInTheMessage(t *testing.T) {
	dc := delegate(t, makeID(t, "P-256", testServerName), "P-384", tls.ECDSAWithP384AndSHA384, time.Hour)
	id, err := newDelegatedIdentity(&dc)
	if err != nil {
		t.Fatal(err)
	}
	var msg wire.Certificate
	if err := msg.Parse(id.messageFor(peerWants{staples: allStaples})[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	for _, ext := range msg.Entries.All() {
		if body, ok := ext.Find(wire.ExtDelegatedCredential); !ok || string(body) != string(dc.Credential) {
			t.Errorf("extensions %x", ext)
		}
	}
}

func TestDelegatedCredentialsThatCanNotWork(t *testing.T) {
	by := makeID(t, "P-256", testServerName)
	good := delegate(t, by, "Ed25519", tls.Ed25519, time.Hour)
	otherKey := good
	otherKey.PrivateKey = makeID(t, "P-384", "x").cert.PrivateKey.(crypto.Signer)
	noKey, noChain, cut := good, good, good
	noKey.PrivateKey, noChain.Certificate, cut.Credential = nil, nil, cut.Credential[:len(cut.Credential)-1]
	for name, c := range map[string]struct {
		dc  DelegatedCredential
		err error
	}{
		"another key":               {otherKey, x509lite.ErrKeyMismatch},
		"no key":                    {noKey, x509lite.ErrNoPrivateKey},
		"no certificate":            {noChain, x509lite.ErrNoCertificate},
		"cut":                       {cut, wire.ErrSyntax},
		"scheme of another key":     {delegate(t, by, "Ed25519", tls.ECDSAWithP256AndSHA256, time.Hour), errDelegatedScheme},
		"RSA that is not for PSS":   {delegate(t, by, "RSA-2048", tls.PSSWithSHA256, time.Hour), errDelegatedScheme},
		"scheme that is none of us": {delegate(t, by, "Ed25519", 0x0201, time.Hour), errDelegatedScheme},
	} {
		cfg := &Config{Certificates: []tls.Certificate{by.cert}, DelegatedCredentials: []DelegatedCredential{c.dc}}
		if err := cfg.Check(RoleServer); !errors.Is(err, ErrConfig) || !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (&Config{DelegatedCredentials: []DelegatedCredential{good}}).Check(RoleServer); err != nil {
		t.Error(err)
	}
}

// A client's Certificate carries none.
func TestClientPresentsNoDelegatedCredential(t *testing.T) {
	by := makeID(t, "P-256", testClientName)
	dc := delegate(t, by, "Ed25519", tls.Ed25519, 2*time.Hour)
	p := newPair(t, func(c, s *Config) {
		c.Certificates, c.DelegatedCredentials, s.Trust = []tls.Certificate{by.cert}, []DelegatedCredential{dc}, by.pin()
	})
	p.mustHandshake()
	if cs := p.client.ConnectionState(); cs.LocalSignatureScheme != tls.ECDSAWithP256AndSHA256 {
		t.Errorf("signed with %v", cs.LocalSignatureScheme)
	}
}
