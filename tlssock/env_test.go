package tlssock

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"errors"
	"reflect"
	"testing"

	"smoltls/tlssock/internal/kex"
)

func TestConcurrentHandshakesAreLimited(t *testing.T) {
	p := newPair(t)
	p.env.MaxHandshakes = 2
	p.mustHandshake() // takes two and gives them back
	if p.env.Handshakes() != 0 || p.env.Stats.HandshakesCompleted != 2 {
		t.Fatalf("%d handshakes under way", p.env.Handshakes())
	}
	var engines []*Engine
	for range 2 {
		e, err := NewEngine(p.env, p.clientCfg, RoleClient)
		if err != nil || e.Start() != nil {
			t.Fatal(err, e.Err())
		}
		engines = append(engines, e)
	}
	hello := append([]byte(nil), engines[0].Output()...)
	p.restart()
	if err := p.client.Start(); !errors.Is(err, ErrTooManyHandshakes) {
		t.Errorf("client: %v", err)
	}
	wantFault(t, p.client, AlertInternalError)
	if _, err := p.server.Receive(nil, hello); !errors.Is(err, ErrTooManyHandshakes) {
		t.Errorf("server: %v", err)
	}
	wantFault(t, p.server, AlertInternalError)
	if p.env.Stats.HandshakesRefused != 2 {
		t.Errorf("%d refused", p.env.Stats.HandshakesRefused)
	}
	for _, e := range engines {
		e.Free()
		e.Free()
	}
	p.restart()
	p.mustHandshake()
}

func TestStatsCount(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.exchange("12345")
	s := &p.env.Stats
	if s.HandshakesStarted != 2 || s.HandshakesCompleted != 2 || s.HandshakesFailed != 0 || s.BytesIn != 10 || s.BytesOut != 10 || s.RecordsIn != s.RecordsOut {
		t.Errorf("%+v", s)
	}
	p.client.CloseWrite()
	p.run()
	if s.AlertsSent[AlertCloseNotify] != 1 || s.AlertsReceived[AlertCloseNotify] != 1 {
		t.Error("alerts are not counted")
	}
	p = newPair(t, func(c, s *Config) { s.CipherSuites = []uint16{0x1305} })
	p.handshake()
	if s := &p.env.Stats; s.HandshakesFailed != 2 || s.AlertsSent[AlertHandshakeFailure] != 1 {
		t.Errorf("%d failed", s.HandshakesFailed)
	}
}

// Memory that is lent comes back, whatever becomes of the handshake, and no secret stays in it.
func TestHandshakesGiveTheirMemoryBack(t *testing.T) {
	p := newPair(t)
	p.client.Start()
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	hs := p.server.hs
	p.server.Free()
	p.client.Free()
	if p.env.Handshakes() != 0 || len(p.env.clients) != 1 || len(p.env.servers) != 1 {
		t.Errorf("%d under way, %d and %d kept", p.env.Handshakes(), len(p.env.clients), len(p.env.servers))
	}
	var zero [48]byte
	if hs.clientSecret != zero || hs.serverSecret != zero || hs.server.clientNext != zero || p.server.in.Suite() != nil {
		t.Error("secrets are kept")
	}
	if !errors.Is(p.server.Err(), ErrFreed) {
		t.Error(p.server.Err())
	}
}

// What the key exchange was made of is gone when both have what it was made for, however long the handshake takes from
// there on.
func TestNothingOfTheKeyExchangeOutlivesServerHello(t *testing.T) {
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256, tls.X25519MLKEM768} { // the second by way of HelloRetryRequest
		p := newPair(t, func(c, s *Config) {
			c.CurvePreferences = []tls.CurveID{tls.X25519, tls.X25519MLKEM768, tls.CurveP256}
			s.CurvePreferences = []tls.CurveID{group}
			for _, cfg := range []*Config{c, s} { // so that both stand still after ServerHello
				cert := cfg.Certificates[0]
				cert.PrivateKey = SignLater(cert.PrivateKey.(crypto.Signer))
				cfg.Certificates = []tls.Certificate{cert}
			}
		})
		p.handshake()
		for _, e := range []*Engine{p.server, p.client} {
			w := e.Pending()
			if w == nil || w.Kind != PendingSignature {
				t.Fatalf("%v: %v", e.role, e.Err())
			}
			for _, g := range p.client.prep.groups {
				if e.hs.kex.Has(g) {
					t.Errorf("%v: has the key for group %#04x", e.role, g)
				}
			}
			for _, rung := range []any{e.hs.early, e.hs.secret} {
				if secret := reflect.ValueOf(rung).Field(0).FieldByName("secret"); !secret.IsZero() {
					t.Errorf("%v: has the %T", e.role, rung)
				}
			}
			if n := kex.ByID(uint16(group)).SecretLen; e.role == RoleClient && !bytes.Equal(e.hs.shared[:n], make([]byte, n)) {
				t.Error("the client has the shared secret") // a server's has lent its memory to something else
			}
			if err := e.Deliver(w, w.Sign()); err != nil {
				t.Fatal(err)
			}
			p.run()
		}
		p.exchange("goes on")
	}
}

// Secrets of the past are not left in what the connections of a loop share (RFC 8446 §E.1.2): not by key updates,
// tickets, and who has slept.
func TestNoSecretStaysInTheScratchAfterTheHandshake(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) { c.PostHandshakeAuth, s.PostHandshakeAuth = true, true })
	clean := func(after string) {
		t.Helper()
		sc := reflect.ValueOf(&p.env.scratch).Elem()
		for _, name := range []string{"ipad", "opad", "inner", "block"} {
			if !sc.FieldByName(name).IsZero() {
				t.Errorf("after %s: something in %s", after, name)
			}
		}
	}
	p.mustHandshake()
	clean("the handshake and its ticket")
	p.client.KeyUpdate(true)
	p.exchange("x")
	clean("key updates")
	p.client.Sleep()
	p.server.Sleep()
	p.exchange("x")
	clean("waking")
	if _, err := p.server.RequestClientCertificate(tls.RequireAnyClientCert); err != nil {
		t.Fatal(err)
	}
	p.run()
	if _, ok := p.server.ClientCertificateAnswer(); !ok {
		t.Fatal("no answer")
	}
	clean("authentication after the handshake")
}
