package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

func TestStaplesAreLimited(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	const overhead = 4 + 1 + 3
	for _, n := range []int{1000, 1001} {
		p := newPair(t, func(c, s *Config) {
			cert := id.cert
			cert.OCSPStaple = make([]byte, n-overhead)
			c.Trust, s.Certificates, c.Limits.Staples = id.pin(), []tls.Certificate{cert}, 1000
		})
		p.handshake()
		if n <= 1000 {
			p.mustBeOpen()
			continue
		}
		p.wantAlert(p.client, AlertBadCertificate)
		if !errors.Is(p.client.Err(), ErrMessageTooLarge) {
			t.Error(p.client.Err())
		}
	}
}

// A connection that was told nothing has no place for it, and can say so.
func TestNothingToldCostsNothing(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	if p.client.facts.told != nil || p.server.facts.told != nil {
		t.Error("memory for nothing")
	}
	cs := p.client.ConnectionState()
	if cs.OCSPResponse != nil || cs.SignedCertificateTimestamps != nil || cs.PeerCertificateAuthorities() != nil || new(ConnectionState).PeerCertificateAuthorities() != nil {
		t.Errorf("%+v", cs)
	}
}
