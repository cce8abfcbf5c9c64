package tlssock

import (
	"crypto/tls"
	"errors"
	"slices"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// postPair is a pair that authenticates the client after the handshake only.
func postPair(t testing.TB, change ...func(client, server *Config)) *pair {
	t.Helper()
	return newPair(t, append([]func(client, server *Config){func(c, s *Config) {
		c.PostHandshakeAuth, s.PostHandshakeAuth, s.ClientAuth = true, true, tls.NoClientCert
	}}, change...)...)
}

// ask makes the server ask, and gives the number of the request.
func (p *pair) ask(policy tls.ClientAuthType) uint32 {
	p.t.Helper()
	id, err := p.server.RequestClientCertificate(policy)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// wantAnswer takes the server's next answer.
func (p *pair) wantAnswer(request uint32, presented bool) ClientCertificateAnswer {
	p.t.Helper()
	a, ok := p.server.ClientCertificateAnswer()
	if !ok || a.Request != request || a.Presented != presented {
		p.t.Fatalf("answer %d, presented %v (%v); want %d, %v; client %v, server %v", a.Request, a.Presented, ok, request, presented, p.client.Err(), p.server.Err())
	}
	return a
}

// Every kind of key, over every hash, with record boundaries anywhere.
func TestClientShowsWhoItIsAfterTheHandshake(t *testing.T) {
	for _, key := range keyNames {
		for _, id := range []uint16{suite.AES128GCM, suite.AES256GCM} {
			p := postPair(t, func(c, s *Config) {
				own := makeID(t, key, testClientName)
				c.Certificates, s.Trust, s.CipherSuites = []tls.Certificate{own.cert}, own.pin(), []uint16{id}
				c.MaxSendRecordSize = 64
			})
			p.mustHandshake()
			before := p.server.ConnectionState()
			if before.PeerCertificates != nil || before.ClientCertificateRequested {
				t.Fatalf("%+v", before)
			}
			p.exchange("of somebody")
			request := p.ask(tls.RequireAndVerifyClientCert)
			if _, ok := p.server.ClientCertificateAnswer(); ok {
				t.Error("an answer before there is one")
			}
			p.run()
			p.mustBeOpen()
			a := p.wantAnswer(request, true)
			for _, cs := range []ConnectionState{a.ConnectionState, p.server.ConnectionState()} {
				if !cs.PeerVerified || len(cs.PeerCertificates) != 1 || !cs.ClientCertificateRequested || cs.PeerSignatureScheme == 0 {
					t.Errorf("%s: %+v", key, cs)
				}
			}
			if before.PeerCertificates != nil || before.PeerVerified {
				t.Error("what was told before the answer has changed")
			}
			cs := p.client.ConnectionState()
			if cs.LocalCertificate == nil || !cs.ClientCertificateRequested || cs.LocalSignatureScheme != a.ConnectionState.PeerSignatureScheme {
				t.Errorf("client: %+v", cs)
			}
			p.exchange("of a client that is known")
		}
	}
}

// It is for those who offer it, and who make use of the offer.
func TestPostHandshakeAuthenticationIsForBothToWant(t *testing.T) {
	for _, c := range []struct {
		change func(c, s *Config)
		kept   [2]bool // by the client, by the server
	}{
		{func(c, s *Config) { c.PostHandshakeAuth = false }, [2]bool{false, false}},
		{func(c, s *Config) { s.PostHandshakeAuth = false }, [2]bool{true, false}},
		{func(c, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} }, [2]bool{true, true}}, // by a HelloRetryRequest
	} {
		p := postPair(t, c.change)
		p.mustHandshake()
		if got := [2]bool{p.client.post() != nil, p.server.post() != nil}; got != c.kept {
			t.Errorf("kept %v, want %v", got, c.kept)
		}
		_, err := p.server.RequestClientCertificate(tls.RequestClientCert)
		if (err == nil) != c.kept[1] || err != nil && !errors.Is(err, ErrNoPostHandshakeAuth) {
			t.Error(err)
		}
		p.exchange("goes on")
	}
}

// A resumed connection, where no certificates are in the handshake, can have them after it; and a client that has shown
// one can be asked for another.
func TestPostHandshakeAuthenticationOfResumedAndKnownClients(t *testing.T) {
	p := postPair(t, func(c, s *Config) {
		c.ClientSessionCache, s.ClientAuth = NewLRUClientSessionCache(0), tls.RequireAndVerifyClientCert
	})
	for n := range 2 {
		p.restart()
		p.mustHandshake()
		first := p.server.ConnectionState()
		if first.DidResume != (n == 1) || len(first.PeerCertificates) != 1 {
			t.Fatalf("resumed %v", first.DidResume)
		}
		p.exchange("ticket")
		request := p.ask(tls.RequireAndVerifyClientCert)
		p.run()
		a := p.wantAnswer(request, true)
		if !slices.Equal(a.ConnectionState.PeerCertificates[0].Raw, first.PeerCertificates[0].Raw) || !a.ConnectionState.PeerVerified {
			t.Error("another certificate than before")
		}
	}
}

func TestRawPublicKeysAfterTheHandshake(t *testing.T) {
	p := postPair(t, func(c, s *Config) {
		id := makeID(t, "Ed25519", testClientName)
		c.Certificates = []tls.Certificate{{PrivateKey: id.cert.PrivateKey}}
		s.PeerCertificateTypes = []CertificateType{CertificateTypeRawPublicKey}
		s.Trust = x509lite.PinSPKI(id.leaf.SPKIHash())
	})
	p.mustHandshake()
	request := p.ask(tls.RequireAndVerifyClientCert)
	p.run()
	if a := p.wantAnswer(request, true); a.ConnectionState.PeerRawPublicKey == nil || !a.ConnectionState.PeerVerified {
		t.Errorf("%+v", a.ConnectionState)
	}
	p = postPair(t, func(c, s *Config) { s.PeerCertificateTypes = []CertificateType{CertificateTypeRawPublicKey} })
	p.mustHandshake() // a client that has no such key need not have one before it is asked
}

// The exporter's value, and keys updated before, between and after, do not depend on it.
func TestPostHandshakeAuthenticationAndKeyUpdates(t *testing.T) {
	p := postPair(t)
	p.mustHandshake()
	before := p.server.ConnectionState()
	for range 3 {
		for _, e := range []*Engine{p.client, p.server} {
			if err := e.KeyUpdate(true); err != nil { // on its way with the request, and with the answer
				t.Fatal(err)
			}
		}
		request := p.ask(tls.RequireAnyClientCert)
		if err := p.server.KeyUpdate(true); err != nil {
			t.Fatal(err)
		}
		p.run()
		p.wantAnswer(request, true)
		p.exchange("goes on")
	}
	after := p.server.ConnectionState()
	a, errA := before.ExportKeyingMaterial("EXPORTER-x", nil, 32)
	b, errB := after.ExportKeyingMaterial("EXPORTER-x", nil, 32)
	if errA != nil || errB != nil || !slices.Equal(a, b) {
		t.Error("keying material differs", errA, errB)
	}
}

// Memory that authentication borrows goes back, when it ends well and when it ends the connection.
func TestPostHandshakeAuthenticationGivesBackItsMemory(t *testing.T) {
	p := postPair(t)
	p.mustHandshake()
	lent := len(p.env.servers) + len(p.env.clients)
	request := p.ask(tls.RequireAndVerifyClientCert)
	p.run()
	p.wantAnswer(request, true)
	p.ask(tls.RequireAndVerifyClientCert)
	p.client.post().transcript[8] ^= 1 // the client speaks of another connection
	p.run()
	p.wantAlert(p.server, AlertDecryptError)
	if n := len(p.env.servers) + len(p.env.clients); n != lent || p.env.Handshakes() != 0 {
		t.Errorf("%d handshakes' memory, %d before; %d under way", n, lent, p.env.Handshakes())
	}
	if cs := p.server.ConnectionState(); !cs.PeerVerified {
		t.Error("what was known before the failure is lost")
	}
}

// A ClientHello has the extension when the configuration says so, and not otherwise.
func TestOfferOfPostHandshakeAuthentication(t *testing.T) {
	for _, want := range []bool{false, true} {
		p := newPair(t, func(c, _ *Config) { c.PostHandshakeAuth = want })
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		var msg wire.ClientHello
		if err := msg.Parse(p.client.Output()[recordHeader+wire.HeaderLen:]); err != nil || msg.Has.Has(wire.ExtPostHandshakeAuth) != want {
			t.Error(err, msg.Has.Has(wire.ExtPostHandshakeAuth))
		}
	}
}
