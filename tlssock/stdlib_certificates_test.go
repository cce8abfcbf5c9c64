package tlssock

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"reflect"
	"testing"

	"smoltls/x509lite"
)

// What is stapled goes through as it is, from and to crypto/tls, in both roles.
func TestStaplesAgainstCryptoTLS(t *testing.T) {
	c, s := makeID(t, "P-256", testClientName), makeID(t, "P-384", testServerName)
	for _, role := range []Role{RoleClient, RoleServer} {
		ours := &Config{Certificates: []tls.Certificate{stapled(c)}, Trust: s.pin(), ServerName: testServerName}
		theirs := &tls.Config{Certificates: []tls.Certificate{stapled(s)}, ClientAuth: tls.RequireAnyClientCert}
		if role == RoleServer {
			ours = &Config{Certificates: []tls.Certificate{stapled(s)}, Trust: c.pin(), ClientAuth: tls.RequireAndVerifyClientCert}
			theirs = &tls.Config{Certificates: []tls.Certificate{stapled(c)}, RootCAs: stdPool(s), ServerName: testServerName}
		}
		p := newStdPeer(t, &Env{Now: epoch}, ours, role, theirs)
		p.mustEcho()
		cs, std := p.eng.ConnectionState(), p.std.ConnectionState()
		want := stapled(c)
		if !bytes.Equal(cs.OCSPResponse, want.OCSPStaple) || !reflect.DeepEqual(cs.SignedCertificateTimestamps, want.SignedCertificateTimestamps) {
			t.Errorf("%v: got %q, %q", role, cs.OCSPResponse, cs.SignedCertificateTimestamps)
		}
		if !bytes.Equal(std.OCSPResponse, want.OCSPStaple) || !reflect.DeepEqual(std.SignedCertificateTimestamps, want.SignedCertificateTimestamps) {
			t.Errorf("%v: crypto/tls got %q, %q", role, std.OCSPResponse, std.SignedCertificateTimestamps)
		}
	}
}

// A client of ours chooses by the authorities of a crypto/tls server, and one of crypto/tls by ours.
func TestCertificateAuthoritiesAgainstCryptoTLS(t *testing.T) {
	server := makeID(t, "P-256", testServerName)
	one, two := makeID(t, "P-256", "authority one"), makeID(t, "P-384", "authority two")
	byOne, byTwo := issued(t, one, "Ed25519", testClientName), issued(t, two, "Ed25519", testClientName)
	certs := []tls.Certificate{byOne.cert, byTwo.cert}

	pool := x509.NewCertPool()
	pool.AddCert(two.std)
	p := newStdPeer(t, &Env{Now: epoch}, &Config{Certificates: certs, Trust: server.pin(), ServerName: testServerName}, RoleClient,
		&tls.Config{Certificates: []tls.Certificate{server.cert}, ClientAuth: tls.RequireAnyClientCert, ClientCAs: pool})
	p.mustEcho()
	if got := p.std.ConnectionState().PeerCertificates[0].Raw; !bytes.Equal(got, byTwo.leaf.Raw) {
		t.Error("our client presented the other certificate")
	}

	var acceptable [][]byte
	p = newStdPeer(t, &Env{Now: epoch}, &Config{
		Certificates: []tls.Certificate{server.cert}, ClientAuth: tls.RequireAndVerifyClientCert, CertificateAuthorities: [][]byte{two.leaf.RawSubject},
		Trust: x509lite.PinSPKI(byTwo.leaf.SPKIHash()), SignatureSchemes: []tls.SignatureScheme{tls.Ed25519},
		InsecureSkipVerify: true, // whom it trusts is not what is tested
	}, RoleServer, &tls.Config{
		RootCAs: stdPool(server), ServerName: testServerName,
		GetClientCertificate: func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			acceptable = info.AcceptableCAs
			for i := range certs {
				if info.SupportsCertificate(&certs[i]) == nil {
					return &certs[i], nil
				}
			}
			return &tls.Certificate{}, nil
		},
	})
	p.mustEcho()
	if len(acceptable) != 1 || !bytes.Equal(acceptable[0], two.leaf.RawSubject) {
		t.Errorf("crypto/tls was told of %x", acceptable)
	}
	if cs := p.eng.ConnectionState(); cs.PeerCertificates[0].Fingerprint() != byTwo.leaf.Fingerprint() {
		t.Error("crypto/tls presented the other certificate")
	}
}
