package tlssock

import (
	"errors"
	"testing"
)

// later makes both ends' keys pending.
func later(c, s *Config) {
	for _, cfg := range []*Config{c, s} {
		cfg.Certificates[0].PrivateKey = SignLater(keyOnce["Ed25519"]())
	}
}

// answerAll gives both ends of p what they wait for until nobody waits; by answer, of kinds in the order in which they
// were asked.
func (p *pair) answerAll(answer func(*Pending) Answer) (kinds []PendingKind) {
	p.t.Helper()
	for range 100 {
		p.run()
		var asked *Pending
		for _, e := range []*Engine{p.client, p.server} {
			if q := e.Pending(); q != nil {
				asked = q
				kinds = append(kinds, q.Kind)
				if q.Role != e.role {
					p.t.Errorf("%v asks as %v", e.role, q.Role)
				}
				_ = e.Deliver(q, answer(q)) // an error stays in Err
			}
		}
		if asked == nil {
			return kinds
		}
	}
	p.t.Fatal("the questions never end")
	return nil
}

func TestNothingIsReceivedBeforeTheAnswer(t *testing.T) {
	p := newPair(t, later)
	p.handshake()
	q := p.server.Pending()
	if q == nil || q.Kind != PendingSignature || p.client.Pending() != nil {
		t.Fatalf("server waits for %+v, client for %v", q, p.client.Pending())
	}
	rec := []byte{22, 3, 3, 0, 1, 0}
	if _, err := p.server.RecordLen(rec); err != ErrPending {
		t.Errorf("RecordLen: %v", err)
	}
	if _, err := p.server.Receive(nil, rec); err != ErrPending {
		t.Errorf("Receive: %v", err)
	}
	if p.server.Err() != nil {
		t.Fatalf("that ended the connection: %v", p.server.Err())
	}
	p.answerAll((*Pending).Sign)
	p.mustBeOpen()
	p.exchange("data")
}

func TestAnswersThatNobodyWaitsFor(t *testing.T) {
	p := newPair(t, later)
	p.handshake()
	q := p.server.Pending()
	for what, bad := range map[string]*Pending{"nil": nil, "another's": {Kind: PendingSignature}} {
		if err := p.server.Deliver(bad, Answer{}); err != ErrNotPending {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := p.client.Deliver(q, q.Sign()); err != ErrNotPending {
		t.Errorf("the other end's: %v", err)
	}
	a := q.Sign()
	if err := p.server.Deliver(q, a); err != nil {
		t.Fatal(err)
	}
	if err := p.server.Deliver(q, a); err != ErrNotPending {
		t.Errorf("twice: %v", err)
	}
	p.answerAll((*Pending).Sign)
	p.mustBeOpen()
	if err := p.server.Deliver(q, a); err != ErrNotPending {
		t.Errorf("after the handshake: %v", err)
	}
	p.exchange("unharmed")
}

func TestAnswerAfterTheEnd(t *testing.T) {
	for what, end := range map[string]func(e *Engine){
		"closed": func(e *Engine) { e.CloseWrite() }, "freed": (*Engine).Free, "truncated": func(e *Engine) { e.ReceiveEOF() },
	} {
		p := newPair(t, later)
		p.handshake()
		q := p.server.Pending()
		end(p.server)
		if p.server.Pending() != nil {
			t.Errorf("%s: it waits still", what)
		}
		before := p.server.Err()
		if err := p.server.Deliver(q, q.Sign()); err != ErrNotPending || p.server.Err() != before {
			t.Errorf("%s: %v; %v, was %v", what, err, p.server.Err(), before)
		}
	}
}

// A handshake's memory is used again by the next one, and what was asked in the first is nothing to it.
func TestAnswerDoesNotReachTheNextHandshake(t *testing.T) {
	p := newPair(t, later)
	p.handshake()
	old := p.server.Pending()
	p.server.Free()
	p.client.Free()
	p.restart()
	p.handshake()
	if q := p.server.Pending(); q == nil || q == old {
		t.Fatal("nothing new is asked")
	}
	if err := p.server.Deliver(old, old.Sign()); err != ErrNotPending {
		t.Fatal(err)
	}
	p.answerAll((*Pending).Sign)
	p.mustBeOpen()
}

// What came in one record with the message that had to wait is handled after the answer.
func TestMessagesBehindTheOneThatWaitsAreKept(t *testing.T) {
	p := newPair(t)
	p.handshake()
	e := p.server
	e.partial = e.env.getBuffer()
	e.partial.b = append(e.partial.b, 24, 0, 0, 1, 0) // KeyUpdate
	if err := e.handleHeld(); err != nil || e.partial != nil || e.env.Stats.KeyUpdatesIn != 1 {
		t.Fatal(err, e.partial, e.env.Stats.KeyUpdatesIn)
	}
}

func TestPendingKindsHaveNames(t *testing.T) {
	if s := PendingVerification.String() + ", " + PendingKind(99).String(); s != "verification, PendingKind(99)" {
		t.Error(s)
	}
}

func TestErrorOfAnAnswerEndsTheHandshake(t *testing.T) {
	p := newPair(t, later)
	p.handshake()
	if err := p.server.Deliver(p.server.Pending(), Answer{Err: errToken}); !errors.Is(err, errToken) {
		t.Fatal(err)
	}
	p.run()
	p.wantAlert(p.server, AlertInternalError)
}
