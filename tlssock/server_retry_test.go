package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"
)

func TestHelloRetryRequestKeepsCompatibilityMode(t *testing.T) {
	p := newPair(t, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} })
	p.client.Start()
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	out := p.server.Output()
	if n := 5 + int(out[3])<<8 + int(out[4]); !bytes.Equal(out[n:], []byte{20, 3, 3, 0, 1, 1}) {
		t.Errorf("no change_cipher_spec after HelloRetryRequest: %x", out[n:])
	}
	p.run()
	p.mustBeOpen()
	// and none without legacy_session_id
	p.restart()
	p.server.Receive(nil, handshakeRecord(rawClientHello(t, func(h *clientHandshake) { h.hello.SessionID = nil })))
	for b := p.server.Output(); len(b) > 0; b = b[5+int(b[3])<<8+int(b[4]):] {
		if b[0] == 20 {
			t.Error("change_cipher_spec to a client without legacy_session_id")
		}
	}
}
