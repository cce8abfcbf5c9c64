package tlssock

import "testing"

func TestSocketWaitsWhileTheTransportGoesOn(t *testing.T) {
	w := newLine(t, nil, later)
	w.run()
	q := w.s.tls.Pending()
	if q == nil || w.s.tls.State() != StateHandshaking {
		t.Fatalf("server waits for %v in state %v", q, w.s.tls.State())
	}
	if w.s.tls.Advance() {
		t.Error("the same question is news twice")
	}
	if err := w.s.tls.Deliver(q, q.Sign()); err != nil {
		t.Fatal(err)
	}
	w.run()
	if q = w.c.tls.Pending(); q == nil {
		t.Fatal("client does not wait")
	}
	if err := w.c.tls.Deliver(q, q.Sign()); err != nil {
		t.Fatal(err)
	}
	w.run()
	if w.c.tls.State() != StateEstablished || w.s.tls.State() != StateEstablished {
		t.Fatal(w.c.tls.State(), w.s.tls.State(), w.c.tls.Err(), w.s.tls.Err())
	}
}

func TestSocketThatFailsWhileItWaits(t *testing.T) {
	w := newLine(t, nil, later)
	w.run()
	q := w.s.tls.Pending()
	w.c.tls.Abort()
	w.run()
	if w.s.tls.State() != StateFailed || w.s.tls.Pending() != nil {
		t.Fatalf("state %v, waits for %v", w.s.tls.State(), w.s.tls.Pending())
	}
	before := w.s.tls.Err()
	if err := w.s.tls.Deliver(q, q.Sign()); err != ErrNotPending || w.s.tls.Err() != before {
		t.Fatal(err, w.s.tls.Err())
	}
}

func TestAnswerThatFailsASocket(t *testing.T) {
	w := newLine(t, nil, later)
	w.run()
	if err := w.s.tls.Deliver(w.s.tls.Pending(), Answer{Err: errToken}); err == nil {
		t.Fatal("no error")
	}
	w.run()
	if a := alertOf(w.c.tls.Err()); a == nil || a.Alert != AlertInternalError || w.s.tls.State() != StateFailed {
		t.Fatal(w.c.tls.Err(), w.s.tls.State())
	}
}
