package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"
)

func TestChannelBinding(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		p := newPair(t)
		before := p.client.ConnectionState()
		if _, err := before.ChannelBinding(); !errors.Is(err, ErrNoExporter) {
			t.Errorf("before the handshake: %v", err)
		}
		p.mustHandshake()
		cs, ss := p.client.ConnectionState(), p.server.ConnectionState()
		a, errA := cs.ChannelBinding()
		b, errB := ss.ChannelBinding()
		if errA != nil || errB != nil || len(a) != 32 || !bytes.Equal(a, b) {
			t.Errorf("%x (%v), %x (%v)", a, errA, b, errB)
		}
		seen[string(a)] = true
	}
	if len(seen) != 3 {
		t.Error("connections with the same binding")
	}
}

// crypto/tls has no call of that name, but its exporter gives the same.
func TestChannelBindingIsThatOfCryptoTLS(t *testing.T) {
	server := makeID(t, "Ed25519", testServerName)
	p := newStdPeer(t, &Env{Now: epoch}, &Config{Trust: server.pin(), ServerName: testServerName}, RoleClient, &tls.Config{Certificates: []tls.Certificate{server.cert}})
	p.mustEcho()
	cs, std := p.eng.ConnectionState(), p.std.ConnectionState()
	a, errA := cs.ChannelBinding()
	b, errB := std.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("%x (%v), crypto/tls %x (%v)", a, errA, b, errB)
	}
}
