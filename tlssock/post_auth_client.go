package tlssock

import (
	"crypto/sha256"
	"slices"

	"smoltls/tlssock/internal/wire"
)

// receiveRequest takes a request for our certificate after the handshake, which we have offered to answer (RFC 8446
// §4.6.2).
func (e *Engine) receiveRequest(m message) error {
	p := e.post()
	var msg wire.CertificateRequest
	if err := msg.Parse(m.body()); err != nil {
		return err
	}
	if !msg.Has.Has(wire.ExtSignatureAlgorithms) {
		return faultf(AlertMissingExtension, "CertificateRequest without signature_algorithms")
	}
	if err := e.noteRequest(p, msg.Context); err != nil {
		return err
	}
	if e.flags&flagWriteClosed != 0 { // nothing can be answered any more
		return nil
	}
	if p.hs == nil {
		return e.answerRequest(m.raw)
	}
	if len(p.held)+len(m.raw) > e.prep.limits.HandshakeMessage {
		return fault(AlertUnexpectedMessage, ErrTooManyRequests)
	}
	p.held = append(p.held, m.raw...)
	return nil
}

// noteRequest makes sure that no context comes twice in a connection (RFC 8446 §4.3.2). The handshake's was empty.
func (e *Engine) noteRequest(p *postAuth, context []byte) error {
	sum := sha256.Sum256(context)
	id := requestID(sum[:len(requestID{})])
	if len(context) == 0 || slices.Contains(p.seen, id) {
		return faultf(AlertIllegalParameter, "%w: empty, or as one before", ErrRequestContext)
	}
	if len(p.seen) >= e.prep.limits.CertificateRequests {
		return fault(AlertUnexpectedMessage, ErrTooManyRequests)
	}
	p.seen = append(p.seen, id)
	return nil
}

// answerRequest begins to answer raw, a CertificateRequest that has been checked.
func (e *Engine) answerRequest(raw []byte) error {
	var msg wire.CertificateRequest
	if err := msg.Parse(raw[wire.HeaderLen:]); err != nil {
		return err
	}
	h := e.env.lendClient()
	p := e.authenticate(&h.handshake)
	e.facts.requested = true
	if err := h.transcript.SetState(h.suite.Hash, p.transcript); err != nil {
		return err
	}
	if err := h.transcript.Add(raw); err != nil {
		return err
	}
	h.context = slices.Clone(msg.Context)
	h.lists.note(msg.SignatureAlgorithms, msg.CertificateAuthorities)
	if err := h.noteWants(msg.Has, msg.CertificateCompression); err != nil {
		return err
	}
	h.wants.forms = 0 // our compressed messages have an empty context in them
	if err := h.chooseIdentity(&msg); err != nil {
		return err
	}
	pending, err := h.askForOwn()
	if err != nil {
		return err
	}
	if pending != nil {
		h.await(pending, clientAnswersWithCertificate{h})
		return nil
	}
	return h.presentLate()
}

// await makes the authentication wait, while records are taken as ever.
func (h *handshake) await(p *Pending, w waiter) {
	p.Role = h.e.role
	h.pending, h.waiter = p, w
}

// presentLate shows who we are.
func (h *clientHandshake) presentLate() error {
	p, err := h.emitCertificate()
	if err != nil {
		return err
	}
	if p != nil {
		h.await(p, clientAnswersWithSignature{h})
		return nil
	}
	return h.concludeLate()
}

// concludeLate sends the answer: its messages follow one another, and the keys are those of the moment (RFC 8446 §4.4,
// §4.6.2). Then the next request has its turn.
func (h *clientHandshake) concludeLate() error {
	e := h.e
	if e.flags&flagWriteClosed == 0 {
		if err := h.emitFinished(e.out.Secret()); err != nil {
			return err
		}
		if err := h.send(); err != nil {
			return err
		}
	}
	e.endPostAuth(true)
	return e.answerHeld()
}

// answerHeld answers the requests that have come meanwhile, until one must wait again.
func (e *Engine) answerHeld() error {
	p := e.post()
	for len(p.held) > 0 && p.hs == nil {
		_, raw, rest, ok := wire.Next(p.held)
		if p.held = rest; !ok || e.flags&flagWriteClosed != 0 {
			p.held = nil
			return nil
		}
		if err := e.answerRequest(raw); err != nil {
			return err
		}
	}
	return nil
}

// clientAnswersWithCertificate is an answer that waits for our certificate.
type clientAnswersWithCertificate struct{ *clientHandshake }

func (s clientAnswersWithCertificate) resume(a *Answer) (state, error) {
	e := s.e
	if err := s.takeOwn(a.Certificate, a.Err); err != nil {
		return nil, err
	}
	return clientEstablished{e}, s.presentLate()
}

// clientAnswersWithSignature is an answer that waits for its signature.
type clientAnswersWithSignature struct{ *clientHandshake }

func (s clientAnswersWithSignature) resume(a *Answer) (state, error) {
	e := s.e
	if err := s.takeSignature(a); err != nil {
		return nil, err
	}
	return clientEstablished{e}, s.concludeLate()
}
