package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// helloRetry gives the record of a HelloRetryRequest for a client's output, edited.
func helloRetry(t *testing.T, client *Engine, edit func(m *wire.ServerHello)) []byte {
	t.Helper()
	var hello wire.ClientHello
	if err := hello.Parse(client.Output()[5+wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	m := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: []byte(wire.RetryRandom), SessionID: bytes.Clone(hello.SessionID),
		CipherSuite: tls.TLS_AES_128_GCM_SHA256, Has: wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare),
		SupportedVersion: wire.VersionTLS13, Group: uint16(tls.CurveP256),
	}
	if edit != nil {
		edit(&m)
	}
	raw, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return handshakeRecord(raw)
}

func TestHelloRetryRequestDefects(t *testing.T) {
	for _, c := range []struct {
		name  string
		edit  func(m *wire.ServerHello)
		alert Alert
	}{
		{"changes nothing", func(m *wire.ServerHello) { m.Has &^= wire.SetOf(wire.ExtKeyShare) }, AlertIllegalParameter},
		{"group has a share", func(m *wire.ServerHello) { m.Group = uint16(tls.X25519) }, AlertIllegalParameter},
		{"group not offered", func(m *wire.ServerHello) { m.Group = uint16(tls.CurveP384) }, AlertIllegalParameter},
		{"suite not offered", func(m *wire.ServerHello) { m.CipherSuite = 0x1305 }, AlertIllegalParameter},
		{"session not echoed", func(m *wire.ServerHello) { m.SessionID = nil }, AlertIllegalParameter},
		{"selects TLS 1.2", func(m *wire.ServerHello) { m.SupportedVersion = tls.VersionTLS12 }, AlertIllegalParameter},
		{"pre_shared_key", func(m *wire.ServerHello) { m.Has.Add(wire.ExtPreSharedKey) }, AlertUnsupportedExtension},
		{"empty cookie", func(m *wire.ServerHello) { m.Has.Add(wire.ExtCookie) }, AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.client.Start()
			p.client.Receive(nil, helloRetry(t, p.client, c.edit))
			wantFault(t, p.client, c.alert)
		})
	}
	p := newPair(t)
	p.client.Start()
	rec := helloRetry(t, p.client, nil)
	rec = append(rec, 0, 51, 0, 2, 0, 24) // key_share again
	rec[4] += 6
	rec[8] += 6
	rec[5+4+2+32+1+32+2+1+1] += 6
	p.client.Receive(nil, rec)
	wantFault(t, p.client, AlertIllegalParameter)
}

// The second hello is the first but for the share and the cookie, which comes back as it was given.
func TestSecondClientHelloChangesOnlyWhatMayChange(t *testing.T) {
	p := newPair(t, func(c, _ *Config) { c.NextProtos = []string{"a"} })
	p.client.Start()
	before := bytes.Clone(p.client.Output()[5+wire.HeaderLen:])
	rec := helloRetry(t, p.client, func(m *wire.ServerHello) {
		m.Has.Add(wire.ExtCookie)
		m.Cookie = []byte("a cookie")
	})
	p.client.Sent(len(p.client.Output()))
	if _, err := p.client.Receive(nil, rec); err != nil {
		t.Fatal(err)
	}
	out := p.client.Output()
	if !bytes.Equal(out[:6], []byte{20, 3, 3, 0, 1, 1}) { // RFC 8446 §D.4
		t.Fatalf("no change_cipher_spec first: %x", out[:6])
	}
	if !bytes.Equal(out[6:9], []byte{22, 3, 3}) {
		t.Errorf("record header %x", out[6:11])
	}
	var first, second wire.ClientHello
	if err := first.Parse(before); err != nil {
		t.Fatal(err)
	}
	if err := second.Parse(out[6+5+wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	if string(second.Cookie) != "a cookie" {
		t.Errorf("cookie %q", second.Cookie)
	}
	if share, _ := second.KeyShares.Find(uint16(tls.CurveP256)); len(share) != 65 || len(second.KeyShares) != 69 {
		t.Errorf("shares %x", []byte(second.KeyShares))
	}
	second.Has &^= wire.SetOf(wire.ExtCookie)
	if !unchanged(&first, &second) {
		t.Error("the second hello differs in what may not change")
	}
}

// HelloRetryRequest fails in SaiTLS; here it is one round trip more.
func TestHelloRetryRequestBothWays(t *testing.T) {
	for _, g := range stdGroups {
		p := newPair(t, func(c, s *Config) {
			first := tls.CurveP256
			if g == first {
				first = tls.X25519
			}
			c.CurvePreferences, c.KeyShares, s.CurvePreferences = []tls.CurveID{first, g}, []tls.CurveID{first}, []tls.CurveID{g}
		})
		p.mustHandshake()
		p.exchange("after a retry")
		for _, e := range []*Engine{p.client, p.server} {
			cs := e.ConnectionState()
			if !cs.HelloRetryRequest || cs.RoundTrips != 2 || cs.CurveID != g {
				t.Errorf("%v: %+v", e.role, cs)
			}
		}
	}
}
