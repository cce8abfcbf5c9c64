package tlssock

// clientExpectFinished is a client that knows the server.
type clientExpectFinished struct{ *clientHandshake }

func (s clientExpectFinished) handle(m message) (state, error) {
	if err := s.checkFinished(m, s.cut(&s.serverSecret)); err != nil {
		return nil, err
	}
	// The server's handshake secret has served, and its memory takes its next one.
	client, server, err := s.deriveApplicationSecrets(s.nextSecret[:0], s.serverSecret[:0])
	if err != nil {
		return nil, err
	}
	if err := s.verifyConnection(); err != nil {
		return nil, err
	}
	if err := s.sendSecondFlight(); err != nil {
		return nil, err
	}
	s.keepResumption()
	s.installKeys(client, server)
	if err := s.resendEarly(); err != nil {
		return nil, err
	}
	e := s.e
	s.complete()
	return clientEstablished{e}, nil
}

// sendSecondFlight ends early data, and sends our certificate, if one was asked for, and Finished.
func (h *clientHandshake) sendSecondFlight() error {
	if err := h.endEarly(); err != nil {
		return err
	}
	if h.e.facts.requested {
		if err := h.emitCertificate(); err != nil {
			return err
		}
	}
	if err := h.emitFinished(h.cut(&h.clientSecret)); err != nil {
		return err
	}
	return h.send()
}
