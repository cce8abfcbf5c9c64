package tlssock

// clientExpectCertificateVerify is a client that accepts the server's certificate, if it is the server's.
type clientExpectCertificateVerify struct{ *clientHandshake }

func (s clientExpectCertificateVerify) handle(m message) (state, error) {
	if err := s.checkCertificateVerify(m, RoleServer, s.verifiesServer()); err != nil {
		return nil, err
	}
	return clientExpectFinished(s), nil
}
