package simnet

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"

	"smoltls/tlssock"
)

// maxAsked is how often a server asks its client at most, which answers no more than
// tlssock.DefaultCertificateRequests.
const maxAsked = tlssock.DefaultCertificateRequests

// ErrWrongAnswer says that a client has answered a request for its certificate otherwise than it must. No impairment
// excuses it.
var ErrWrongAnswer = errors.New("simnet: wrong answer to a request for a certificate")

// asker is what a server notes of its requests for the client's certificate after the handshake.
type asker struct {
	policies []tls.ClientAuthType // of each request
	answers  int
}

// ask asks now and then.
func (e *Endpoint) ask() error {
	if e.habits.Ask == 0 || len(e.asker.policies) == maxAsked || e.rng.IntN(e.habits.Ask) > 0 {
		return nil
	}
	policies := []tls.ClientAuthType{tls.RequestClientCert, tls.VerifyClientCertIfGiven, tls.RequireAnyClientCert, tls.RequireAndVerifyClientCert}
	if !e.habits.Shows {
		policies = policies[:2]
	}
	policy := policies[e.rng.IntN(len(policies))]
	request, err := e.conn.ask(policy)
	for _, usual := range []error{tlssock.ErrNoPostHandshakeAuth, tlssock.ErrTooManyAnswers, tlssock.ErrWriteClosed, io.EOF} {
		if errors.Is(err, usual) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("asking for a certificate: %w", err)
	}
	if e.asker.policies = append(e.asker.policies, policy); int(request) != len(e.asker.policies) {
		return fmt.Errorf("%w: request %d is number %d", ErrWrongAnswer, len(e.asker.policies), request)
	}
	return nil
}

// hearAnswers takes the answers that have come, and looks whether they are right.
func (e *Endpoint) hearAnswers() error {
	for {
		a, ok := e.conn.answer()
		if !ok {
			return nil
		}
		e.asker.answers++
		e.st.activity++
		if int(a.Request) > len(e.asker.policies) || a.Presented != e.habits.Shows {
			return fmt.Errorf("%w: of %d requests %d, presented %v", ErrWrongAnswer, len(e.asker.policies), a.Request, a.Presented)
		}
		verifies := e.asker.policies[a.Request-1] >= tls.VerifyClientCertIfGiven
		if cs := &a.ConnectionState; a.Presented && (cs.PeerVerified != verifies || len(cs.PeerCertificates) == 0) {
			return fmt.Errorf("%w: verified %v, %d certificates", ErrWrongAnswer, cs.PeerVerified, len(cs.PeerCertificates))
		}
	}
}
