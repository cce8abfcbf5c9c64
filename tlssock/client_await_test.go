package tlssock

import "testing"

// A client that waits sends nothing of its second flight: neither its certificate nor Finished.
func TestClientSendsNothingBeforeItsAnswers(t *testing.T) {
	p := newPair(t, func(c, s *Config) {
		c.Certificates[0].PrivateKey = SignLater(keyOnce["Ed25519"]())
		c.VerifyConnection = func(ConnectionState) error { return ErrPending }
	})
	p.handshake()
	for _, want := range []PendingKind{PendingVerification, PendingSignature} {
		q := p.client.Pending()
		if q == nil || q.Kind != want {
			t.Fatalf("waits for %+v instead of %v", q, want)
		}
		if n := len(p.client.Output()); n != 0 {
			t.Fatalf("%d bytes were sent before the %v", n, want)
		}
		var a Answer
		if want == PendingSignature {
			a = q.Sign()
		}
		if err := p.client.Deliver(q, a); err != nil {
			t.Fatal(err)
		}
	}
	p.run()
	p.mustBeOpen()
}
