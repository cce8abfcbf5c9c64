package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestSecondHelloRetryRequestIsRefused(t *testing.T) {
	p := newPair(t)
	p.client.Start()
	again := helloRetry(t, p.client, func(m *wire.ServerHello) { m.Group = uint16(tls.CurveP256) })
	first := bytes.Clone(again)
	if _, err := p.client.Receive(nil, first); err != nil {
		t.Fatal(err)
	}
	p.client.Receive(nil, again)
	wantFault(t, p.client, AlertUnexpectedMessage)
}

func TestServerHelloAfterRetryIsConsistent(t *testing.T) {
	for name, edit := range map[string]func(m *wire.ServerHello){
		"suite changes": func(m *wire.ServerHello) { m.CipherSuite = tls.TLS_CHACHA20_POLY1305_SHA256 },
		"group changes": func(m *wire.ServerHello) { m.Group, m.KeyShare = uint16(tls.X25519), bytes.Repeat([]byte{9}, 32) },
	} {
		p := newPair(t)
		p.client.Start()
		rec := helloRetry(t, p.client, nil)
		hello := helloRetry(t, p.client, func(m *wire.ServerHello) {
			m.Random = make([]byte, 32)
			m.KeyShare = make([]byte, 65)
			edit(m)
		})
		if _, err := p.client.Receive(nil, rec); err != nil {
			t.Fatal(err)
		}
		p.client.Receive(nil, hello)
		t.Log(name)
		wantFault(t, p.client, AlertIllegalParameter)
	}
}
