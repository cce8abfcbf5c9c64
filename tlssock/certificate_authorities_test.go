package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/x509lite"
)

// Each end tells the other which authorities it knows, and chooses by what it is told.
func TestCertificateAuthoritiesOfBothEnds(t *testing.T) {
	var authorities []testID
	var servers, clients []tls.Certificate
	var leaves [2][]*x509lite.Certificate
	for _, key := range []string{"P-256", "P-384"} {
		a := makeID(t, key, "authority "+key)
		s, c := issued(t, a, "Ed25519", testServerName), issued(t, a, "Ed25519", testClientName)
		authorities = append(authorities, a)
		servers, clients = append(servers, s.cert), append(clients, c.cert)
		leaves[0], leaves[1] = append(leaves[0], s.leaf), append(leaves[1], c.leaf)
	}
	for i, a := range authorities {
		heard := 0
		p := newPair(t, func(c, s *Config) {
			c.InsecureSkipVerify, s.ClientAuth = true, tls.RequireAnyClientCert
			c.Certificates, s.Certificates = clients, servers
			c.CertificateAuthorities, s.CertificateAuthorities = [][]byte{{0x30, 0}, a.leaf.RawSubject}, [][]byte{a.leaf.RawSubject}
			c.VerifyConnection = func(cs ConnectionState) error {
				if list := cs.PeerCertificateAuthorities; len(list) == 1 && bytes.Equal(list[0], a.leaf.RawSubject) {
					heard++
				}
				return nil
			}
			s.VerifyConnection = func(cs ConnectionState) error {
				if list := cs.PeerCertificateAuthorities; len(list) == 2 && bytes.Equal(list[1], a.leaf.RawSubject) {
					heard++
				}
				return nil
			}
		})
		p.mustHandshake()
		cs, ss := p.client.ConnectionState(), p.server.ConnectionState()
		if cs.PeerCertificates[0].Fingerprint() != leaves[0][i].Fingerprint() || ss.PeerCertificates[0].Fingerprint() != leaves[1][i].Fingerprint() {
			t.Errorf("authority %d: certificates of another one", i)
		}
		if heard != 2 {
			t.Errorf("authority %d: heard of by %d ends", i, heard)
		}
		if cs.PeerCertificateAuthorities != nil || ss.PeerCertificateAuthorities != nil {
			t.Error("kept for longer than the handshake")
		}
	}
	// A server has something to present to everybody: nobody's authority excludes it.
	p := newPair(t, func(c, s *Config) { c.CertificateAuthorities = [][]byte{{0x30, 0}} })
	p.mustHandshake()
}
