package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
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

// Whatever stands in a Certificate, in whichever form it comes: no more is kept than the limits say, and what is wrong
// with it has an alert.
func FuzzReceiveChain(f *testing.F) {
	long, raw := longChain(f, testServerName), makeID(f, "P-256", "x")
	long.cert = stapled(long)
	cfg := &Config{Certificates: []tls.Certificate{long.cert, {PrivateKey: raw.cert.PrivateKey}}}
	prep, err := cfg.prepare(RoleServer)
	if err != nil {
		f.Fatal(err)
	}
	for i := range prep.identities {
		for _, m := range prep.identities[i].message {
			f.Add(m.plain, uint8(prep.identities[i].typ))
			for _, c := range m.compressed {
				f.Add(c.message, uint8(prep.identities[i].typ))
			}
		}
	}
	env := &Env{Now: epoch}
	client := &Config{InsecureSkipVerify: true, PeerCertificateTypes: rawFirst}
	f.Fuzz(func(t *testing.T, b []byte, typ uint8) {
		e, err := NewEngine(env, client, RoleClient)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Free()
		h, err := env.beginClient(e, e.prep)
		if err != nil {
			t.Fatal(err)
		}
		e.facts = &facts{}
		h.transcript.Choose(e.prep.suites[0].Hash)
		h.peerType = CertificateType(typ)
		kind, whole, _, ok := wire.Next(b)
		m := message{typ: kind, raw: whole, last: true}
		if !ok || len(b) > DefaultHandshakeMessage || !h.isCertificate(m) {
			return
		}
		if err = h.receiveChain(m); err == nil && len(h.chain) > 0 {
			err = h.acceptChain(false, x509lite.RoleServer)
		}
		var a *AlertError
		if err != nil && !errors.As(err, &a) && alertFor(err) == AlertInternalError {
			t.Fatalf("%T: %v", err, err)
		}
		if told := e.facts.rarely().told; told != nil && len(told.ocsp)+len(told.scts.Raw()) > DefaultStaples || len(h.chain) > DefaultCertificateChain {
			t.Fatalf("%d certificates, %d bytes stapled", len(h.chain), len(told.ocsp)+len(told.scts.Raw()))
		}
		if err == nil && len(h.chain) > 0 && (e.facts.peerKey == nil || (e.facts.peer[0] == nil) != (h.peerType == CertificateTypeRawPublicKey)) {
			t.Fatalf("accepted without a key, or in another form: %+v", e.facts)
		}
	})
}
