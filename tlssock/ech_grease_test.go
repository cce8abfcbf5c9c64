package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// It looks as if there were an inner hello, is another one each time, and the same in both hellos of a connection.
func TestGreaseECHLooksLikeTheReal(t *testing.T) {
	p := newECHPair(t, func(c, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256, tls.X25519} })
	p.clientCfg = p.clientCfg.Clone()
	var real wire.ECHClientHello
	seen := p.hellos()
	p.mustAccept()
	real.Parse((*seen)[0].ECH)
	p.clientCfg.EncryptedClientHelloConfigList, p.clientCfg.EncryptedClientHelloGREASE = nil, true
	var before []byte
	for range 2 {
		p.restart()
		seen := p.hellos()
		p.mustHandshake()
		if len(*seen) != 2 || !bytes.Equal((*seen)[0].ECH, (*seen)[1].ECH) || bytes.Equal((*seen)[0].ECH, before) {
			t.Fatalf("%d hellos, %x", len(*seen), (*seen)[0].ECH)
		}
		before = (*seen)[0].ECH
		var e wire.ECHClientHello
		if !e.Parse(before) || e.Type != wire.ECHOuter || e.KDF != real.KDF || e.AEAD != real.AEAD || len(e.Enc) != len(real.Enc) || len(e.Payload)%32 != len(real.Payload)%32 {
			t.Errorf("%+v instead of %+v", e, real)
		}
		if cs := p.client.ConnectionState(); cs.ECHAccepted || cs.ServerName != testServerName || len(cs.PeerCertificates) != 1 {
			t.Errorf("%+v", cs)
		}
	}
}

func TestGreaseECHGoesWithSessions(t *testing.T) {
	p := newResumingPair(t, func(c, _ *Config) { c.EncryptedClientHelloGREASE = true })
	for n := range 3 {
		if p.again() != (n > 0) {
			t.Errorf("connection %d", n)
		}
	}
}

// What a server says to it is looked at, and forgotten.
func TestGreaseECHAndWhatAServerSays(t *testing.T) {
	key, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	p := newPair(t, func(c, s *Config) {
		c.EncryptedClientHelloGREASE, s.EncryptedClientHelloKeys = true, []tls.EncryptedClientHelloKey{key}
	})
	p.mustHandshake()
	for what, c := range map[string]struct {
		list  []byte
		alert Alert
	}{"list": {list, 0}, "malformed": {list[1:], AlertDecodeError}, "empty": {[]byte{}, AlertDecodeError}} {
		p.restart()
		r := p.beRogueServer(serverScript...)
		r.edit = func(typ wire.Type, msg []byte) []byte { return withRetryConfigs(t, typ, msg, c.list) }
		p.handshake()
		if c.alert == 0 && !p.client.HandshakeComplete() {
			t.Errorf("%s: %v", what, p.client.Err())
		}
		if c.alert != 0 {
			p.wantFault(c.alert)
		}
	}
}

// wantFault checks that the client failed with this alert, whoever has heard it.
func (p *pair) wantFault(want Alert) {
	p.t.Helper()
	if a := alertOf(p.client.Err()); a == nil || a.FromPeer || a.Alert != want {
		p.t.Errorf("client: got %v, want to send %v", p.client.Err(), want)
	}
}

// withRetryConfigs puts a list into EncryptedExtensions.
func withRetryConfigs(t testing.TB, typ wire.Type, msg, list []byte) []byte {
	t.Helper()
	if typ != wire.TypeEncryptedExtensions {
		return msg
	}
	var m wire.EncryptedExtensions
	if err := m.Parse(msg[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	m.ECH = list
	out, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
