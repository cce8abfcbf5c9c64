package tlssock

import (
	"smoltls/x509lite"
)

// clientExpectCertificate is a client that waits for the server's certificate.
type clientExpectCertificate struct{ *clientHandshake }

func (s clientExpectCertificate) handle(m message) (state, error) {
	if !s.isCertificate(m) {
		return nil, unexpected(m, "Certificate")
	}
	if err := s.receiveChain(m); err != nil {
		return nil, err
	}
	if len(s.chain) == 0 { // RFC 8446 §4.4.2.4
		return nil, fault(AlertDecodeError, x509lite.ErrNoCertificate)
	}
	if err := s.acceptChain(s.verifiesServer(), x509lite.RoleServer); err != nil {
		return nil, err
	}
	if s.e.cfg.ClientSessionCache != nil {
		s.peerChain = cloneChain(s.chain)
	}
	return clientExpectCertificateVerify(s), nil
}
