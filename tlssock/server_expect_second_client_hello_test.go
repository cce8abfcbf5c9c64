package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// secondHello runs a server that asks for P-256 and gives it the second hello that change makes of a good one.
func secondHello(t *testing.T, change func(h *clientHandshake)) *Engine {
	t.Helper()
	p := newPair(t, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} })
	e, err := NewEngine(p.env, &Config{InsecureSkipVerify: true, ServerName: testServerName}, RoleClient)
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.env.beginClient(e, e.prep)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.generateShares([]uint16{29}); err != nil {
		t.Fatal(err)
	}
	h.fillHello()
	for i := range 2 {
		if i == 1 {
			if err := h.generateShares([]uint16{23}); err != nil {
				t.Fatal(err)
			}
			h.hello.KeyShares = h.keyShares
			change(h)
		}
		raw, err := h.hello.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.server.Receive(nil, handshakeRecord(raw))
		if i == 0 && (err != nil || !p.server.ConnectionState().HelloRetryRequest) {
			t.Fatalf("no HelloRetryRequest: %v", err)
		}
	}
	return p.server
}

func TestSecondClientHelloDefects(t *testing.T) {
	if e := secondHello(t, func(h *clientHandshake) {}); e.Err() != nil {
		t.Fatal(e.Err())
	}
	for _, c := range []struct {
		name   string
		change func(h *clientHandshake)
		want   Alert
	}{
		{"random", func(h *clientHandshake) { h.hello.Random = bytes.Repeat([]byte{1}, 32) }, AlertIllegalParameter},
		{"session", func(h *clientHandshake) { h.hello.SessionID = bytes.Repeat([]byte{1}, 32) }, AlertIllegalParameter},
		{"suites", func(h *clientHandshake) { h.hello.CipherSuites = h.hello.CipherSuites[:2] }, AlertIllegalParameter},
		{"name", func(h *clientHandshake) { h.hello.ServerName = []byte("other.example") }, AlertIllegalParameter},
		{"groups", func(h *clientHandshake) { h.hello.SupportedGroups = wire.MakeUint16s[uint16](23) }, AlertIllegalParameter},
		{"schemes", func(h *clientHandshake) { h.hello.SignatureAlgorithms = h.hello.SignatureAlgorithms[:4] }, AlertIllegalParameter},
		{"extension more", func(h *clientHandshake) { h.hello.Has.Add(wire.ExtPostHandshakeAuth) }, AlertIllegalParameter},
		{"cookie from nowhere", func(h *clientHandshake) {
			h.hello.Has.Add(wire.ExtCookie)
			h.hello.Cookie = []byte("c")
		}, AlertIllegalParameter},
		{"no share", func(h *clientHandshake) { h.hello.KeyShares = nil }, AlertIllegalParameter},
		{"another share", func(h *clientHandshake) { h.hello.KeyShares = wire.AppendKeyShare(nil, 29, make([]byte, 32)) }, AlertIllegalParameter},
		{"two shares", func(h *clientHandshake) {
			h.hello.KeyShares = wire.AppendKeyShare(bytes.Clone(h.hello.KeyShares), 29, make([]byte, 32))
		}, AlertIllegalParameter},
		{"TLS 1.2", func(h *clientHandshake) { h.hello.SupportedVersions = wire.MakeUint16s[uint16](0x0303) }, AlertProtocolVersion},
		{"no key_share", without(wire.ExtKeyShare), AlertMissingExtension},
	} {
		t.Run(c.name, func(t *testing.T) { wantFault(t, secondHello(t, c.change), c.want) })
	}
}

// RFC 8446 §4.1.2: who is asked for another share still offers its keys.
func TestSecondClientHelloWithdrawsItsKeys(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) {
		c.CurvePreferences, s.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}, []tls.CurveID{tls.CurveP256}
	})
	if p.mustHandshake(); !p.again() {
		t.Fatal("not resumed")
	}
	p.restart()
	hellos := 0
	p.mangle = func(from Role, rec []byte) []byte {
		if from != RoleClient || rec[0] != byte(wire.Handshake) {
			return rec
		}
		if hellos++; hellos == 1 {
			return rec
		}
		var msg wire.ClientHello
		if err := msg.Parse(rec[suite.HeaderLen+wire.HeaderLen:]); err != nil {
			t.Fatal(err)
		}
		msg.Has &^= wire.SetOf(wire.ExtPreSharedKey)
		raw, err := msg.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		return handshakeRecord(raw)
	}
	p.handshake()
	if hellos != 2 {
		t.Fatalf("%d hellos", hellos)
	}
	p.wantAlert(p.server, AlertMissingExtension)
}
