package tlssock

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"slices"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// RequestClientCertificate asks the client for its certificate, now that the handshake is over (RFC 8446 §4.6.2).
// policy says what answer will do, as Config.ClientAuth does in the handshake: one that does not ends the connection.
// The number of the request comes with the answer, from ClientCertificateAnswer; when it comes is up to the client, who
// may have to ask somebody, and application data may come before it. Several requests can be under way.
//
// Errors, none of which does anything to the connection: [ErrHandshakeIncomplete], [ErrNoPostHandshakeAuth],
// [ErrTooManyAnswers], [ErrWriteClosed], io.EOF when the client has closed its side, and [ErrConfig] for a policy that
// asks for nothing, or verifies without anybody to trust.
func (e *Engine) RequestClientCertificate(policy tls.ClientAuthType) (request uint32, err error) {
	if err := e.cantRequest(policy); err != nil {
		return 0, err
	}
	if request, err = e.request(e.post(), policy); err != nil {
		return 0, e.fail(err)
	}
	return request, nil
}

func (e *Engine) cantRequest(policy tls.ClientAuthType) error {
	p := e.post()
	switch {
	case e.err != nil:
		return e.err
	case e.flags&flagComplete == 0:
		return ErrHandshakeIncomplete
	case e.role != RoleServer || p == nil:
		return ErrNoPostHandshakeAuth
	case e.flags&flagWriteClosed != 0:
		return ErrWriteClosed
	case e.flags&flagPeerClosed != 0:
		return io.EOF
	case policy <= tls.NoClientCert || policy > tls.RequireAndVerifyClientCert:
		return fmt.Errorf("%w: policy %v", ErrConfig, policy)
	case p.outstanding() >= e.prep.limits.CertificateAnswers:
		return ErrTooManyAnswers
	}
	if !e.cfg.verifiesUnder(policy) {
		return nil
	}
	if err := e.prep.checkTrust(x509lite.RoleClient, ""); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

// outstanding is how many requests have no answer that was taken.
func (p *postAuth) outstanding() int {
	n := len(p.asked) + len(p.answers)
	if p.hs != nil {
		n++
	}
	return n
}

// request sends a CertificateRequest and notes what its answer will be made over.
func (e *Engine) request(p *postAuth, policy tls.ClientAuthType) (uint32, error) {
	r := askedRequest{id: p.requests + 1, policy: policy}
	if _, err := io.ReadFull(e.prep.rand, r.context[:]); err != nil {
		return 0, err
	}
	msg := e.prep.certificateRequest(p.form)
	msg.Context = r.context[:]
	h := e.env.lendServer()
	defer e.env.takeBack(&h.handshake)
	h.e, h.prep = e, e.prep
	var err error
	if msg.GREASE, err = h.greaseExtension(); err != nil {
		return 0, err
	}
	if err := h.transcript.SetState(e.facts.suite.Hash, p.transcript); err != nil {
		return 0, err
	}
	if err := h.push(msg.Append(h.flight)); err != nil {
		return 0, err
	}
	r.transcript = h.transcript.AppendState(nil)
	if err := h.send(); err != nil {
		return 0, err
	}
	e.facts.requested = true
	p.asked = append(p.asked, r)
	p.requests = r.id
	e.logNumber(logAuthAsked, "request", r.id)
	return r.id, nil
}

// ClientCertificateAnswer gives the first answer to RequestClientCertificate that nobody has taken yet; false: there is
// none.
func (e *Engine) ClientCertificateAnswer() (ClientCertificateAnswer, bool) {
	if !e.hasAnswer() {
		return ClientCertificateAnswer{}, false
	}
	p := e.post()
	a := p.answers[0]
	p.answers = slices.Delete(p.answers, 0, 1)
	return a, true
}

func (e *Engine) hasAnswer() bool {
	p := e.post()
	return p != nil && len(p.answers) > 0
}

// receiveAnswer takes the client's Certificate, which we have asked for.
func (s serverEstablished) receiveAnswer(m message) (state, error) {
	p := s.post()
	h := s.env.lendServer()
	s.authenticate(&h.handshake)
	if !h.isCertificate(m) {
		return nil, unexpected(m, "Certificate")
	}
	f := s.facts
	f.rare.told, f.rare.paths, f.rare.presented = nil, nil, nil
	f.peer[0], f.peerKey, f.peerScheme, f.verified = nil, nil, 0, false
	if err := h.receiveChain(m); err != nil {
		return nil, err
	}
	s.flags |= flagPostMessage
	policy := p.answered.policy
	if len(h.chain) == 0 {
		if policy == tls.RequireAnyClientCert || policy == tls.RequireAndVerifyClientCert { // RFC 8446 §4.4.2.4
			return nil, fault(AlertCertificateRequired, ErrNoClientCertificate)
		}
		*f = *p.before // it is who it was
		return serverExpectLateFinished{h}, nil
	}
	if err := h.acceptChain(s.cfg.verifiesUnder(policy), x509lite.RoleClient); err != nil {
		return nil, err
	}
	return serverExpectLateVerify{h}, nil
}

// findRequest finds the request that a Certificate with this context answers: each is answered once, in any order.
func (h *handshake) findRequest(context []byte) error {
	p := h.e.post()
	i := slices.IndexFunc(p.asked, func(r askedRequest) bool { return bytes.Equal(r.context[:], context) })
	if i < 0 {
		return faultf(AlertIllegalParameter, "%w: not that of a request", ErrRequestContext)
	}
	p.answered = p.asked[i]
	p.asked = slices.Delete(p.asked, i, i+1)
	return h.transcript.SetState(h.suite.Hash, p.answered.transcript)
}

// serverExpectLateVerify is a server that accepts the certificate of the client's answer, if it is the client's.
type serverExpectLateVerify struct{ *serverHandshake }

func (s serverExpectLateVerify) handle(m message) (state, error) {
	verifies := s.e.cfg.verifiesUnder(s.e.post().answered.policy)
	if err := s.checkCertificateVerify(m, RoleClient, verifies); err != nil {
		return nil, err
	}
	s.e.post().presented = true
	return serverExpectLateFinished(s), nil
}

// serverExpectLateFinished is a server to which only the end of the client's answer is missing.
type serverExpectLateFinished struct{ *serverHandshake }

func (s serverExpectLateFinished) handle(m message) (state, error) {
	if m.typ != wire.TypeFinished {
		return nil, unexpected(m, "Finished")
	}
	if err := s.verifyFinished(m, s.e.in.Secret()); err != nil { // RFC 8446 §4.4
		return nil, err
	}
	s.e.flags &^= flagPostMessage
	if !s.e.post().presented {
		return s.concludeLate(), nil
	}
	p, err := s.verifyConnection()
	if err != nil {
		return nil, err
	}
	if p != nil { // what comes after the answer is read as that of who has been accepted
		s.e.flags |= flagPostWaits
		return s.wait(p, serverAwaitLateVerification(s))
	}
	return s.concludeLate(), nil
}

// concludeLate tells the caller of the answer.
func (h *serverHandshake) concludeLate() state {
	e := h.e
	e.endPostAuth(true)
	p := e.post()
	a := ClientCertificateAnswer{p.answered.id, p.presented, e.ConnectionState()}
	p.answers = append(p.answers, a)
	e.env.Stats.ClientAnswers++
	e.logAnswer(&a)
	p.answered, p.presented = askedRequest{}, false
	return serverEstablished{e}
}

// serverAwaitLateVerification is a server that waits for the word of VerifyConnection about the client's answer.
type serverAwaitLateVerification serverExpectLateFinished

func (s serverAwaitLateVerification) resume(a *Answer) (state, error) {
	if err := verdict(a.Err); err != nil {
		return nil, err
	}
	return s.concludeLate(), nil
}
