package tlssock

// serverExpectCertificateVerify is a server that accepts the client's certificate, if it is the client's.
type serverExpectCertificateVerify struct{ *serverHandshake }

func (s serverExpectCertificateVerify) handle(m message) (state, error) {
	if err := s.checkCertificateVerify(m, RoleClient, s.e.cfg.verifiesClients()); err != nil {
		return nil, err
	}
	return serverExpectFinished(s), nil
}
