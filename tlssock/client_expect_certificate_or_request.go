package tlssock

import (
	"smoltls/tlssock/internal/wire"
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
