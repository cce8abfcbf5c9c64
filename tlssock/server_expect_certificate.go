package tlssock

import (
	"crypto/tls"

	"smoltls/x509lite"
)

// serverExpectCertificate is a server that has asked the client for a certificate.
type serverExpectCertificate struct{ *serverHandshake }

func (s serverExpectCertificate) handle(m message) (state, error) {
	if !s.isCertificate(m) {
		return nil, unexpected(m, "Certificate")
	}
	if err := s.receiveChain(m); err != nil {
		return nil, err
	}
	if len(s.chain) == 0 {
		switch s.e.cfg.ClientAuth {
		case tls.RequireAnyClientCert, tls.RequireAndVerifyClientCert: // RFC 8446 §4.4.2.4
			return nil, fault(AlertCertificateRequired, ErrNoClientCertificate)
		}
		return serverExpectFinished(s), nil
	}
	if err := s.acceptChain(s.e.cfg.verifiesClients(), x509lite.RoleClient); err != nil {
		return nil, err
	}
	s.keepPeerChain()
	return serverExpectCertificateVerify(s), nil
}
