package tlssock

import (
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"testing"
)

// Every kind of key, in both roles, gets exactly what its Sign wants.
func TestSignaturesThatComeLater(t *testing.T) {
	for _, key := range keyNames {
		p := newPair(t, func(c, s *Config) {
			ci, si := makeID(t, key, testClientName), makeID(t, key, testServerName)
			for _, id := range []*testID{&ci, &si} {
				id.cert.PrivateKey = SignLater(id.cert.PrivateKey.(crypto.Signer))
			}
			c.Certificates, c.Trust = []tls.Certificate{ci.cert}, si.pin()
			s.Certificates, s.Trust = []tls.Certificate{si.cert}, ci.pin()
		})
		p.handshake()
		kinds := p.answerAll(func(q *Pending) Answer {
			if h := q.Options.HashFunc(); h != 0 && len(q.Input) != h.Size() {
				t.Errorf("%s: %d bytes to sign for %v", key, len(q.Input), h)
			}
			if _, same := q.Key.(signLater); same || q.Scheme == 0 {
				t.Errorf("%s: key %T, scheme %v", key, q.Key, q.Scheme)
			}
			return q.Sign()
		})
		p.mustBeOpen()
		if len(kinds) != 2 {
			t.Errorf("%s: asked for %v", key, kinds)
		}
		p.exchange(key)
	}
}

// hsm is a key of which only the public half is at hand. It has a name by which the other half can be found.
type hsm struct {
	public crypto.PublicKey
	slot   int
}

func (h hsm) Public() crypto.PublicKey { return h.public }

func (h hsm) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, fmt.Errorf("slot %d: %w", h.slot, ErrPending)
}

func TestKeyThatIsElsewhere(t *testing.T) {
	p := newPair(t, func(c, s *Config) {
		s.Certificates[0].PrivateKey = hsm{keyOnce["Ed25519"]().Public(), 7}
	})
	p.handshake()
	p.answerAll(func(q *Pending) Answer {
		if key, ok := q.Key.(hsm); !ok || key.slot != 7 {
			t.Errorf("key %#v", q.Key)
		}
		sig, err := keyOnce["Ed25519"]().Sign(nil, q.Input, q.Options)
		return Answer{Signature: sig, Err: err}
	})
	p.mustBeOpen()
}

func TestWrongSignatureIsFoundBeforeItIsSent(t *testing.T) {
	for what, spoil := range map[string]func(a Answer) Answer{
		"flipped": func(a Answer) Answer { a.Signature[0] ^= 1; return a },
		"empty":   func(Answer) Answer { return Answer{} },
		"of other data": func(Answer) Answer {
			s, _ := keyOnce["Ed25519"]().Sign(nil, []byte("x"), crypto.Hash(0))
			return Answer{Signature: s}
		},
	} {
		for _, role := range []Role{RoleServer, RoleClient} {
			p := newPair(t, later)
			p.handshake()
			p.answerAll(func(q *Pending) Answer {
				if q.Role == role {
					return spoil(q.Sign())
				}
				return q.Sign()
			})
			p.run()
			e := map[Role]*Engine{RoleServer: p.server, RoleClient: p.client}[role]
			p.wantAlert(e, AlertInternalError)
			if !errors.Is(e.Err(), ErrBadSignature) {
				t.Errorf("%s: %v", what, e.Err())
			}
		}
	}
}

func TestSignIsForSignatures(t *testing.T) {
	if a := (&Pending{Kind: PendingVerification}).Sign(); a.Err != ErrNotPending {
		t.Error(a.Err)
	}
}

// The way that does not wait is not to pay for the one that does.
func TestWaitingCostsOneAllocationAQuestion(t *testing.T) {
	measure := func(change ...func(c, s *Config)) float64 {
		p := newPair(t, change...)
		var s shuttle
		return testing.AllocsPerRun(20, func() {
			p.restart()
			if err := p.client.Start(); err != nil {
				t.Fatal(err)
			}
			for s.move(t, p.client, p.server) || s.move(t, p.server, p.client) || deliver(p.client) || deliver(p.server) {
			}
			if !p.client.HandshakeComplete() || !p.server.HandshakeComplete() {
				t.Fatal("incomplete")
			}
		})
	}
	// Two questions, each with a copy of what is to be signed, the signature that is made outside, and what errors.Is
	// costs.
	if at, later := measure(), measure(later); later > at+12 {
		t.Errorf("%.0f allocations, %.0f without waiting", later, at)
	}
}

func deliver(e *Engine) bool {
	p := e.Pending()
	return p != nil && e.Deliver(p, p.Sign()) == nil
}
