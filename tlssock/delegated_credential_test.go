package tlssock

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"slices"
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
	h := crypto.SHA256.New()
	h.Write(delegationInput(by.cert.Certificate[0], raw[:len(raw)-len("\x00\x01\x00")]))
	if dc.Signature, err = by.cert.PrivateKey.(crypto.Signer).Sign(rand.Reader, h.Sum(nil), crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	if raw, err = dc.Append(nil); err != nil {
		t.Fatal(err)
	}
	return DelegatedCredential{Certificate: by.cert.Certificate, Credential: raw, PrivateKey: signer}
}

// delegationInput is what a credential's signature is over (RFC 9345 §4): unsigned is the credential and after it the
// algorithm, as they stand in the DelegatedCredential.
func delegationInput(certificate, unsigned []byte) []byte {
	return slices.Concat(bytes.Repeat([]byte{0x20}, 64), []byte("TLS, server delegated credentials\x00"), certificate, unsigned)
}

// The vectors of RFC 9345 Appendix B: each credential is one of ours, and is signed by the certificate's key in the
// order in which we put its parts together. BoringSSL's runner puts the algorithm before the credential, as an earlier
// draft did; a server passes on what it was given and need not care.
func TestDelegatedCredentialsOfTheRFC(t *testing.T) {
	chain := unbase64(t, "MIIBezCCASKgAwIBAgIRAJZxpkATSkXtaYuKkmP/7YQwCgYIKoZIzj0EAwIwFDESMBAGA1UEChMJQWNtZSBJbmMuMB4XDTIwMDcwMTEzMDUzM1oXDTIwMDcwODEzMDUzM1owFDESMBAGA1UEChMJQWNtZSBJbmMuMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJYa2xzCGsR//gL6mdUxMr+DpSrrsputAPiTSrnBOvyfCw1aY3fq+tlRS9WbV1zXEQKItVNf7ofFSm2BYVXxOxqNVMFMwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMAwGA1UdEwEB/wQCMAAwDwYDVR0RBAgwBocEfwAAATANBgkrBgEEAYLaSywEADAKBggqhkjOPQQDAgNHADBEAiAWufQRTjgJaOYn3KBmvkNUwLyp66vHmWi7L52EDCUGYwIgawvUo3EplSqfdTrYM1YbjuN7aiyqeljkE5G0hihUh0w=")
	leaf, err := x509lite.Parse(chain)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]struct{ credential, key string }{
		"P-256":   {"AAk6gAQDAABbMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3d+Pzf7NWkggc7nAaaGilBsaMIRkBPQmFsefWn9rBNyeDW2BMFZ6mV080ymb7FM5+Da1cdjJRPifS2AgZKesmgQDAEgwRgIhAMIU+EDJFpqdTq/1dGPjk8xJd+ODjTnjlcyR1A271HczAiEApYW11X2/nCu4VE/saC/ufvIMw1ICVlCVfhwxait68sw=", "MHcCAQEEIOXFPRlfeZyHWksUz/WpNQ2ADK+grA9AqoPcnk6Ti7cyoAoGCCqGSM49AwEHoUQDQgAE3d+Pzf7NWkggc7nAaaGilBsaMIRkBPQmFsefWn9rBNyeDW2BMFZ6mV080ymb7FM5+Da1cdjJRPifS2AgZKesmg=="},
		"P-384":   {"AAk6gAUDAAB4MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEIU3nnaepGRVE0B03mZpCp6pKFemLkpvTcJY2DRS/DWTy3MSvhLV2G6wthE6aWnWbOkjv+bvgv6jS2NOtYTFbxGcTJEyoyYRNxl2fRUWFsQW4z4LCCWseK7IO3R6LKmnmBAMARjBEAiAHQkPswEN60b1Aun8t6ivnGJFOx6lOCknbeO7y2DErbQIgaq1GUrcGF79hIG/XO4MTjinTp0aiPzmH7d0v9UHNP4c=", "MIGkAgEBBDA3FsT2o+F530QPzoOyHEptRzBKWG//f9LQ8rVxsVtVVPe0PICBDdggEbncOYo8Dx2gBwYFK4EEACKhZANiAAQhTeedp6kZFUTQHTeZmkKnqkoV6YuSm9NwljYNFL8NZPLcxK+EtXYbrC2ETppadZs6SO/5u+C/qNLY061hMVvEZxMkTKjJhE3GXZ9FRYWxBbjPgsIJax4rsg7dHosqaeY="},
		"Ed25519": {"AAk6gAgHAAAsMCowBQYDK2VwAyEAfNmwkbUcG0OgeI8mjmvEob+mEhMmdoRvn7yAo1vOui4EAwBGMEQCIByJ7WXoTUXaIK2P99WyE0ZGHz2fCIaxsQ1LUyZlqqMjAiBgKOC3Yi3ThHvk5Kbk0NYz8GPokcsCIzRUCJ43O2meFQ==", "MC4CAQAwBQYDK2VwBCIEIMhN5dZ72hErCLe8j9ogbfoH3Zo9pn7T1qtSmEKPQUEP"},
	} {
		key, err := x509lite.LoadPrivateKey(unbase64(t, v.key))
		if err != nil {
			t.Fatal(name, err)
		}
		raw := unbase64(t, v.credential)
		id, err := newDelegatedIdentity(&DelegatedCredential{Certificate: [][]byte{chain}, Credential: raw, PrivateKey: key})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := leaf.NotBefore.Add(maxDelegation); !id.delegated.expires.Equal(want) {
			t.Errorf("%s: expires %v, want %v", name, id.delegated.expires, want)
		}
		var dc wire.DelegatedCredential
		if err := dc.Parse(raw); err != nil {
			t.Fatal(name, err)
		}
		unsigned := raw[:len(raw)-2-len(dc.Signature)]
		credential, algorithm := unsigned[:len(unsigned)-2], unsigned[len(unsigned)-2:]
		for order, want := range map[string]bool{string(unsigned): true, string(algorithm) + string(credential): false} {
			sum := sha256.Sum256(delegationInput(chain, []byte(order)))
			if got := ecdsa.VerifyASN1(leaf.PublicKey.(*ecdsa.PublicKey), sum[:], dc.Signature); got != want {
				t.Errorf("%s: signature %v, want %v", name, got, want)
			}
		}
	}
}

func unbase64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A client that takes delegated credentials gets one while it is valid, and signed by its key; all others get the
// certificate.
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
		{"valid for as long as may be", offeredSchemes(false), wire.MakeUint16s(tls.Ed25519), time.Hour + maxDelegation, true},
		{"valid for longer", offeredSchemes(false), wire.MakeUint16s(tls.Ed25519), time.Hour + maxDelegation + time.Second, false},
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
