package tlssock

// serverExpectFinished is a server that knows the client, or does not ask.
type serverExpectFinished struct{ *serverHandshake }

func (s serverExpectFinished) handle(m message) (state, error) {
	if err := s.checkFinished(m, s.cut(&s.clientSecret)); err != nil {
		return nil, err
	}
	s.installKeys(s.cut(&s.clientNext), nil)
	if err := s.verifyConnection(); err != nil {
		return nil, err
	}
	if err := s.sendTickets(); err != nil {
		return nil, err
	}
	e := s.e
	s.complete()
	return serverEstablished{e}, nil
}
