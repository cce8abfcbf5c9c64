package tlssock

import (
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// clientExpectCertificateOrRequest is a client that has the server's extensions.
type clientExpectCertificateOrRequest struct{ *clientHandshake }

func (s clientExpectCertificateOrRequest) handle(m message) (state, error) {
	if m.typ != wire.TypeCertificateRequest {
		return clientExpectCertificate(s).handle(m)
	}
	var msg wire.CertificateRequest
	if err := msg.Parse(m.body()); err != nil {
		return nil, err
	}
	if len(msg.Context) != 0 { // RFC 8446 §4.3.2
		return nil, faultf(AlertDecodeError, "CertificateRequest of the handshake with a context")
	}
	if !msg.Has.Has(wire.ExtSignatureAlgorithms) {
		return nil, faultf(AlertMissingExtension, "CertificateRequest without signature_algorithms")
	}
	s.e.facts.requested = true
	s.chooseIdentity(&msg)
	return clientExpectCertificate(s), s.transcript.Add(m.raw)
}

// chooseIdentity takes the first of our certificates that fits the request; none if no one does (RFC 8446 §4.4.2.3).
func (h *clientHandshake) chooseIdentity(msg *wire.CertificateRequest) {
	for i := range h.prep.identities {
		id := &h.prep.identities[i]
		if s := id.fits(msg.SignatureAlgorithms); s != nil && id.issuedBy(msg.CertificateAuthorities) {
			h.id, h.scheme = id, s
			return
		}
	}
}

// clientExpectCertificate is a client that waits for the server's certificate.
type clientExpectCertificate struct{ *clientHandshake }

func (s clientExpectCertificate) handle(m message) (state, error) {
	if m.typ != wire.TypeCertificate {
		return nil, unexpected(m, "Certificate")
	}
	if err := s.receiveChain(m); err != nil {
		return nil, err
	}
	if len(s.chain) == 0 { // RFC 8446 §4.4.2.4
		return nil, fault(AlertDecodeError, x509lite.ErrNoCertificate)
	}
	if err := s.acceptChain(!s.e.cfg.InsecureSkipVerify, x509lite.RoleServer); err != nil {
		return nil, err
	}
	return clientExpectCertificateVerify(s), nil
}

// clientExpectCertificateVerify is a client that accepts the server's certificate, if it is the server's.
type clientExpectCertificateVerify struct{ *clientHandshake }

func (s clientExpectCertificateVerify) handle(m message) (state, error) {
	if err := s.checkCertificateVerify(m, RoleServer, !s.e.cfg.InsecureSkipVerify); err != nil {
		return nil, err
	}
	return clientExpectFinished(s), nil
}
