package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"

	"smoltls/x509lite"
)

// A pinned certificate is the one that was pinned, not a copy: nothing of it is parsed or verified again.
func TestPinnedCertificateIsShared(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	p := newPair(t, func(c, s *Config) { s.Certificates, c.Trust = []tls.Certificate{id.cert}, id.pin() })
	p.mustHandshake()
	if p.client.ConnectionState().PeerCertificates[0] != id.leaf {
		t.Error("another copy")
	}
}

func TestCertificateChainIsLimited(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	for _, n := range []int{3, 4} {
		cert := id.cert
		for range n - 1 {
			cert.Certificate = append(cert.Certificate, id.cert.Certificate[0])
		}
		p := newPair(t, func(c, s *Config) {
			s.Certificates, c.Trust, c.Limits.CertificateChain = []tls.Certificate{cert}, id.pin(), 3
		})
		p.handshake()
		if n <= 3 {
			p.mustBeOpen()
			continue
		}
		p.wantAlert(p.client, AlertBadCertificate)
		if !errors.Is(p.client.Err(), x509lite.ErrTooLarge) {
			t.Error(p.client.Err())
		}
	}
}

func TestMinRSABits(t *testing.T) {
	id := makeID(t, "RSA-2048", testServerName)
	p := newPair(t, func(c, s *Config) { s.Certificates, c.Trust, c.MinRSABits = []tls.Certificate{id.cert}, id.pin(), 3072 })
	p.handshake()
	p.wantAlert(p.client, AlertBadCertificate)
	if !errors.Is(p.client.Err(), x509lite.ErrWeakKey) {
		t.Error(p.client.Err())
	}
}

// A bad certificate panics in SaiTLS: here, whatever byte of it is wrong, the handshake ends with an alert.
func TestCertificateWithAnyByteWrong(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	der := id.cert.Certificate[0]
	for i := range der {
		bad := append([]byte(nil), der...)
		bad[i] ^= 0x55
		p := newPair(t, func(c, s *Config) {
			s.Certificates, c.Trust = []tls.Certificate{id.cert}, x509lite.AnyOf(id.pin(), x509lite.PinSPKI(id.leaf.SPKIHash()))
		})
		p.server.prep.identities[0].message[0].plain = append([]byte(nil), p.server.prep.identities[0].message[0].plain...)
		copy(p.server.prep.identities[0].message[0].plain[4+1+3+3:], bad)
		p.handshake()
		a := alertOf(p.client.Err())
		if a == nil || a.FromPeer || p.client.HandshakeComplete() {
			t.Fatalf("byte %d: %v", i, p.client.Err())
		}
	}
}

func TestCertificateWithoutUsagesMayBeUsed(t *testing.T) {
	id := makeID(t, "P-256", testServerName, func(c *x509.Certificate) { c.KeyUsage, c.ExtKeyUsage = 0, nil })
	p := newPair(t, func(c, s *Config) { s.Certificates, c.Trust = []tls.Certificate{id.cert}, id.pin() })
	p.mustHandshake()
}
