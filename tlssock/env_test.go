package tlssock

import (
	"errors"
	"testing"
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
