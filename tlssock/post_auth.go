package tlssock

import (
	"crypto/sha256"
	"crypto/tls"
)

// postAuth is what a connection keeps for client authentication after the handshake (RFC 8446 §4.6.2), and what is
// under way of it.
type postAuth struct {
	transcript []byte // the hash's state after the client's Finished
	form       CertificateType

	hs     *handshake // of the authentication under way; nil: none
	before *facts     // that hold until it has ended well; nil: Engine.facts do

	// A client's.
	seen []requestID // contexts of the requests that came
	held []byte      // requests that came while an answer was being made, one after the other

	// A server's.
	asked    []askedRequest // not answered yet
	answered askedRequest   // that the client's answer under way is for
	answers  []ClientCertificateAnswer
	requests uint32 // made so far

	presented bool // the answer under way has a certificate, whose key is the client's
}

// requestID stands for a certificate_request_context.
type requestID [sha256.Size / 2]byte

// contextLen is the length of our contexts, which can't be guessed: who has a client's key for a while can't sign ahead
// (RFC 8446 §4.3.2).
const contextLen = 16

// askedRequest is a request that the client has not answered.
type askedRequest struct {
	id         uint32
	policy     tls.ClientAuthType
	context    [contextLen]byte
	transcript []byte // the hash's state after it
}

// ClientCertificateAnswer is a client's answer to a request for its certificate after the handshake. Answers that end
// the connection, by its policy or because they are wrong, are not among them.
type ClientCertificateAnswer struct {
	Request         uint32          // number that RequestClientCertificate gave
	Presented       bool            // the client has shown a certificate, or a raw public key, and that it has the key
	ConnectionState ConnectionState // after it; the certificate is that of the last answer that presented one
}

// post gives what e keeps for authentication after the handshake, nil if there can be none.
func (e *Engine) post() *postAuth {
	if e.facts == nil || e.facts.rare == nil {
		return nil
	}
	return e.facts.rare.post
}

// keepPostAuth keeps what is needed for authentication after the handshake, if both ends want it. The transcript ends
// with the client's Finished.
func (h *handshake) keepPostAuth() {
	form := h.ownType
	switch {
	case h.client != nil && !h.e.cfg.PostHandshakeAuth, h.server != nil && !h.server.mayAskLater:
		return
	case h.server != nil:
		form = h.peerType
	}
	h.e.facts.note().post = &postAuth{transcript: h.transcript.AppendState(nil), form: form}
}

// authenticate makes h the memory of an authentication under way. The facts that it finds out replace those before it
// when it has ended well.
func (e *Engine) authenticate(h *handshake) *postAuth {
	p := e.post()
	h.e, h.prep, h.suite, h.post = e, e.prep, e.facts.suite, true
	h.ownType, h.peerType = p.form, p.form
	p.hs, p.before = h, e.facts
	e.facts = e.facts.clone()
	return p
}

// endPostAuth ends the authentication under way, if there is one. Unless that went well, what was known before it is
// what is known.
func (e *Engine) endPostAuth(well bool) {
	p := e.post()
	e.flags &^= flagPostWaits | flagPostMessage
	if p == nil || p.hs == nil {
		return
	}
	if !well {
		e.facts = p.before
	}
	e.env.takeBack(p.hs)
	e.env.scratch.Wipe()
	p.hs, p.before = nil, nil
}
