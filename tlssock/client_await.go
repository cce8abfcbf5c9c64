package tlssock

// clientAwaitVerification is a client that waits for the word of VerifyConnection.
type clientAwaitVerification struct{ *clientHandshake }

func (s clientAwaitVerification) resume(a *Answer) (state, error) {
	if err := verdict(a.Err); err != nil {
		return nil, err
	}
	return s.sendSecondFlight()
}

// clientAwaitSignature is a client that waits for the signature over its part of the handshake.
type clientAwaitSignature struct{ *clientHandshake }

func (s clientAwaitSignature) resume(a *Answer) (state, error) {
	if err := s.takeSignature(a); err != nil {
		return nil, err
	}
	return s.conclude()
}

// clientAwaitCertificate is a client that waits for its own certificate.
type clientAwaitCertificate struct{ *clientHandshake }

func (s clientAwaitCertificate) resume(a *Answer) (state, error) {
	if err := s.takeOwn(a.Certificate, a.Err); err != nil {
		return nil, err
	}
	return s.present()
}
