package tlssock

// serverExpectFinished is a server that knows the client, or does not ask.
type serverExpectFinished struct{ *serverHandshake }

func (s serverExpectFinished) handle(m message) (state, error) {
	if err := s.checkFinished(m, s.cut(&s.clientSecret)); err != nil {
		return nil, err
	}
	s.installKeys(s.cut(&s.clientNext), nil)
	p, err := s.verifyConnection()
	if err != nil {
		return nil, err
	}
	if p != nil {
		return s.wait(p, serverAwaitVerification(s))
	}
	return s.conclude()
}

// conclude ends the handshake with a client that is accepted.
func (h *serverHandshake) conclude() (state, error) {
	if err := h.sendTickets(); err != nil {
		return nil, err
	}
	e := h.e
	h.complete()
	return serverEstablished{e}, nil
}
