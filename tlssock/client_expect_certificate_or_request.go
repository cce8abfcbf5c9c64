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
	s.lists.note(msg.SignatureAlgorithms, msg.CertificateAuthorities)
	if err := s.noteWants(msg.Has, msg.CertificateCompression); err != nil {
		return nil, err
	}
	if s.rejectedECH() != nil { // RFC 9849 §6.1.7: none for this server
		return clientExpectCertificate(s), s.transcript.Add(m.raw)
	}
	if err := s.chooseIdentity(&msg); err != nil {
		return nil, err
	}
	return clientExpectCertificate(s), s.transcript.Add(m.raw)
}

// chooseIdentity takes the first of our identities that fits the request, of those by an authority that the server
// names, if there are any, and of those with a chain whose signatures it can check; none if no one does (RFC 8446
// §4.4.2.3), and that is an error for a client that must not go on without.
func (h *clientHandshake) chooseIdentity(msg *wire.CertificateRequest) error {
	why, best := ErrNoCommonCertificateType, -1
	inChain := inCertificates(msg.Has, msg.SignatureAlgorithms, msg.SignatureAlgorithmsCert)
	for i := range h.prep.identities {
		id := &h.prep.identities[i]
		if !h.presents(id) {
			continue
		}
		s := id.fits(msg.SignatureAlgorithms)
		if why = ErrNoCommonScheme; s == nil {
			continue
		}
		rank := 0
		if id.issuedBy(msg.CertificateAuthorities) {
			rank = 2
		} else if why = ErrNoCommonAuthority; !h.e.cfg.IgnoreAuthorities {
			continue
		}
		if id.checkable(inChain) {
			rank++
		}
		if rank > best {
			h.id, h.scheme, best = id, s, rank
		}
	}
	if h.id == nil && h.e.cfg.RequireOwnCertificate && len(h.prep.identities) > 0 {
		return fault(AlertHandshakeFailure, why)
	}
	return nil
}
