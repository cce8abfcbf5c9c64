package tlssock

// serverAwaitSignature is a server that waits for the signature over its part of the handshake. ServerHello has gone.
type serverAwaitSignature struct{ *serverHandshake }

func (s serverAwaitSignature) resume(a *Answer) (state, error) {
	if err := s.takeSignature(a); err != nil {
		return nil, err
	}
	return s.endFlight()
}

// serverAwaitVerification is a server that waits for the word of VerifyConnection.
type serverAwaitVerification struct{ *serverHandshake }

func (s serverAwaitVerification) resume(a *Answer) (state, error) {
	if err := verdict(a.Err); err != nil {
		return nil, err
	}
	return s.conclude()
}
