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
	if p.client.facts.rarely().told != nil || p.server.facts.rarely().told != nil {
		t.Error("memory for nothing")
	}
	cs := p.client.ConnectionState()
	if cs.OCSPResponse != nil || cs.SignedCertificateTimestamps != nil || cs.PeerCertificateAuthorities != nil {
		t.Errorf("%+v", cs)
	}
}

// A resumed connection stands for the certificate of the first one, with what went with it, on the client as in
// crypto/tls; also out of a stored session.
func TestStaplesAreRememberedBySessions(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	p := newPair(t, func(c, s *Config) {
		c.ClientSessionCache = NewLRUClientSessionCache(4)
		c.Trust, s.Certificates = id.pin(), []tls.Certificate{stapled(id)}
	})
	p.mustHandshake()
	for range 2 { // the second time a session that came out of a resumed one
		p.exchange("tickets come with it")
		cache := p.clientCfg.ClientSessionCache
		stored, ok := cache.Get(testServerName)
		if !ok {
			t.Fatal("no session")
		}
		b, err := stored.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		for n := range b {
			if new(ClientSession).UnmarshalBinary(b[:n]) == nil {
				t.Fatalf("cut at %d", n)
			}
		}
		again := new(ClientSession)
		if err := again.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		cache.Put(testServerName, again)
		p.restart()
		p.mustHandshake()
		cs := p.client.ConnectionState()
		if !cs.DidResume || string(cs.OCSPResponse) != "response" || len(cs.SignedCertificateTimestamps) != 2 {
			t.Errorf("resumed %v: %q, %q", cs.DidResume, cs.OCSPResponse, cs.SignedCertificateTimestamps)
		}
	}
}
