package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// A server without keys confirms what somebody before it has decrypted, in both of its answers (RFC 9849 §7.2), and
// does not say that it was encrypted.
func TestABackendConfirmsInnerHellos(t *testing.T) {
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} {
		p := newPair(t, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{group} })
		var seen [][]byte
		p.mangle = func(_ Role, rec []byte) []byte {
			if rec[0] == byte(wire.Handshake) {
				seen = append(seen, bytes.Clone(rec[5:]))
			}
			return rec
		}
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		p.client.Sent(len(p.client.Output()))
		c := p.client.hs.client
		c.hello.ECH = wire.ECHInnerExtension
		c.transcript.Reset()
		if err := c.sendHello(); err != nil {
			t.Fatal(err)
		}
		p.run()
		p.mustBeOpen()
		if p.server.ConnectionState().ECHAccepted {
			t.Error("nothing was encrypted")
		}
		if want := map[tls.CurveID]int{tls.X25519: 2, tls.CurveP256: 4}[group]; len(seen) != want {
			t.Fatalf("%d messages in the clear instead of %d", len(seen), want)
		}
		checkConfirmations(t, p.client, seen)
	}
}

// checkConfirmations goes through the hellos of a handshake and checks what the server confirms.
func checkConfirmations(t *testing.T, e *Engine, messages [][]byte) {
	t.Helper()
	random := messages[0][6:38]
	h := &handshake{e: e, suite: suite.ByID(suite.AES128GCM)}
	_ = h.transcript.Add(messages[0])
	h.transcript.Choose(h.suite.Hash)
	for _, msg := range messages[1:] {
		var m wire.ServerHello
		if msg[0] == byte(wire.TypeServerHello) {
			if err := m.Parse(msg[wire.HeaderLen:]); err != nil {
				t.Fatal(err)
			}
			at, label := echConfirmationAt, labelECHAccept
			if m.IsRetry() {
				h.transcript.Retry()
				at, label = retryConfirmationAt(msg, m.Extensions), labelECHRetryAccept
			}
			want, err := h.echConfirmation(msg, at, label, random)
			if got := msg[at : at+8]; err != nil || !bytes.Equal(got, want[:]) {
				t.Errorf("%s: %x instead of %x, %v", label, got, want, err)
			}
		}
		_ = h.transcript.Add(msg)
	}
}

// Where there is nothing to confirm, the place of it has nothing in it that could be told from a confirmation.
func TestAServerThatRejectsFillsThePlaceOfAConfirmation(t *testing.T) {
	p := newECHPair(t, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} })
	p.useOtherKey()
	var before []byte
	for range 3 {
		p.restart()
		p.changeServerHello(func(m *wire.ServerHello) {
			if !m.IsRetry() || len(m.ECH) != wire.ECHConfirmationLen || bytes.Equal(m.ECH, before) {
				t.Errorf("%x", m.ECH)
			}
			before = bytes.Clone(m.ECH)
		})
		p.handshake()
		p.wantAlert(p.client, AlertECHRequired)
	}
}
