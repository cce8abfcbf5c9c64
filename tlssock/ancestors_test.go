package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// Where earlier poll-driven TLS stacks fell short. Each test is named after the defect that is not to come back. What
// concerns sockets and sets of them is tested there.

// SaiTLS: any self-signed certificate passes, without pin, name or dates.
func TestAnySelfSignedCertificatePassed(t *testing.T) {
	p := newPair(t, serverIs(makeID(t, "P-256", testServerName), makeID(t, "P-384", testServerName).pin()))
	p.handshake()
	p.wantAlert(p.client, AlertUnknownCA)
	var v *x509lite.VerifyError
	if !errors.As(p.client.Err(), &v) || v.Check != x509lite.CheckPin {
		t.Errorf("the error does not say which check failed: %v", p.client.Err())
	}
}

// SaiTLS: a bad certificate panics.
func TestBadCertificatePanicked(t *testing.T) {
	der := makeID(t, "Ed25519", testServerName).cert.Certificate[0]
	for n := 1; n < len(der); n++ {
		p := newPair(t)
		p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) {
			return (&wire.Certificate{Entries: entryOf(t, der[:n])}).Append(nil)
		})
		p.handshake()
		p.wantAlert(p.client, AlertDecodeError)
	}
}

// SaiTLS: HelloRetryRequest fails.
func TestHelloRetryRequestFailed(t *testing.T) {
	p := newPair(t, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} })
	p.mustHandshake()
	if cs := p.client.ConnectionState(); !cs.HelloRetryRequest || cs.CurveID != tls.CurveP256 {
		t.Errorf("%+v", cs)
	}
}

// SaiTLS: key updates, tickets and alerts after the handshake are dropped.
func TestMessagesAfterTheHandshakeWereDropped(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	ticket, err := (&wire.NewSessionTicket{Ticket: []byte("t")}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.server.queueRecords(wire.Handshake, ticket)
	p.server.KeyUpdate(true)
	p.run()
	p.exchange("under new keys both ways")
	p.server.queueRecords(wire.AlertRecord, []byte{2, byte(AlertAccessDenied)})
	p.run()
	if a, ok := p.client.AlertReceived(); !ok || a != AlertAccessDenied || p.env.Stats.TicketsIn != 1 || p.env.Stats.KeyUpdatesIn != 2 {
		t.Errorf("%v, %d tickets, %d key updates", a, p.env.Stats.TicketsIn, p.env.Stats.KeyUpdatesIn)
	}
}

// SaiTLS: a partial record panics.
func TestPartialRecordPanicked(t *testing.T) {
	p := newPair(t)
	p.client.Start()
	hello := p.client.Output()
	for n := range len(hello) {
		e, err := NewEngine(p.env, p.serverCfg, RoleServer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Receive(nil, bytes.Clone(hello[:n])); err == nil {
			t.Fatalf("%d of %d bytes taken for a record", n, len(hello))
		}
		e.Free()
	}
}

// SaiTLS: a record too large for the caller's slice is lost, and the sequence number with it.
func TestRecordTooLargeForTheCallersSliceWasLost(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	buf, small := make([]byte, 20000), make([]byte, 10)
	for range 3 {
		n, err := p.client.Seal(buf, make([]byte, 16000))
		if err != nil {
			t.Fatal(err)
		}
		if app, err := p.server.Receive(small, buf[:n]); err != nil || len(app) != 16000 {
			t.Fatal(len(app), err)
		}
	}
}

// SaiTLS: no more than 1 KiB can be sent.
func TestOneKiBWasTheMostToSend(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.exchange(string(make([]byte, suite.MaxPlaintext)))
}

// embedded-tls: the RSA schemes are missing from the ClientHello without a word.
func TestRSASchemesWereMissing(t *testing.T) {
	id := makeID(t, "RSA-2048", testServerName)
	p := newPair(t, serverIs(id, id.pin()))
	p.mustHandshake()
	if got := p.client.ConnectionState().PeerSignatureScheme; got != tls.PSSWithSHA256 {
		t.Errorf("signed with %v", got)
	}
}

// embedded-tls: seeds are drawn from a clock.
func TestSeedsCameFromAClock(t *testing.T) {
	p := newPair(t) // whose clock stands still
	hello := func() []byte {
		p.restart()
		p.client.Start()
		return bytes.Clone(p.client.Output())
	}
	a, b := hello(), hello()
	if random := 5 + wire.HeaderLen + 2; bytes.Equal(a[random:random+32], b[random:random+32]) {
		t.Error("the same random twice")
	}
}

// drogue-tls: nobody is verified, ever; and memory has a bound, which is the caller's here.
func TestNobodyWasVerifiedAndMemoryIsBounded(t *testing.T) {
	if err := (&Config{}).Check(RoleClient); !errors.Is(err, ErrConfig) {
		t.Errorf("a client that trusts nobody in particular starts: %v", err)
	}
	p := newPair(t, func(c, _ *Config) { c.Limits.HandshakeMessage = 100 })
	p.handshake()
	p.wantAlert(p.client, AlertIllegalParameter)
	if !errors.Is(p.client.Err(), ErrMessageTooLarge) {
		t.Error(p.client.Err())
	}
}
