package tlssock

import (
	"crypto/tls"
	"slices"
	"testing"
)

// Callbacks are told what the peer accepts; nothing of it is kept for longer than the handshake.
func TestCallbacksKnowWhatThePeerAccepts(t *testing.T) {
	schemes := []tls.SignatureScheme{tls.ECDSAWithP384AndSHA384, tls.Ed25519}
	name := []byte{0x30, 0}
	heard := 0
	protocols := []string{"a", "bc"}
	hear := func(cs ConnectionState) error {
		if slices.Equal(cs.PeerSignatureSchemes, schemes) && len(cs.PeerCertificateAuthorities) == 1 && string(cs.PeerCertificateAuthorities[0]) == string(name) {
			heard++
		}
		return nil
	}
	p := newPair(t, func(c, s *Config) {
		c.SignatureSchemes, s.SignatureSchemes = schemes, schemes
		c.CertificateAuthorities, s.CertificateAuthorities = [][]byte{name}, [][]byte{name}
		c.VerifyConnection, s.VerifyConnection = hear, hear
		c.IgnoreAuthorities = true
		c.NextProtos, s.NextProtos = protocols, protocols[1:]
		s.VerifyConnection = func(cs ConnectionState) error {
			if !slices.Equal(cs.PeerProtocols, protocols) {
				t.Error(cs.PeerProtocols)
			}
			return hear(cs)
		}
	})
	p.mustHandshake()
	if heard != 2 {
		t.Errorf("%d callbacks were told", heard)
	}
	for _, e := range []*Engine{p.client, p.server} {
		if cs := e.ConnectionState(); cs.PeerSignatureSchemes != nil || cs.PeerCertificateAuthorities != nil || cs.PeerProtocols != nil {
			t.Errorf("%v: %+v", e.role, cs)
		}
	}
}
