package tlssock

// clientExpectFinished is a client that knows the server.
type clientExpectFinished struct{ *clientHandshake }

func (s clientExpectFinished) handle(m message) (state, error) {
	if err := s.checkFinished(m, s.cut(&s.serverSecret)); err != nil {
		return nil, err
	}
	// The server's handshake secret has served, and its memory takes its next one.
	if _, _, err := s.deriveApplicationSecrets(s.nextSecret[:0], s.serverSecret[:0]); err != nil {
		return nil, err
	}
	p, err := s.verifyConnection()
	if err != nil {
		return nil, err
	}
	if p != nil {
		return s.wait(p, clientAwaitVerification(s))
	}
	return s.sendSecondFlight()
}

// sendSecondFlight ends early data, and sends our certificate, if one was asked for, and Finished.
func (h *clientHandshake) sendSecondFlight() (state, error) {
	if err := h.endEarly(); err != nil {
		return nil, err
	}
	if !h.e.facts.requested {
		return h.conclude()
	}
	if h.rejectedECH() != nil {
		return h.present()
	}
	p, err := h.askForOwn()
	if err != nil {
		return nil, err
	}
	if p != nil {
		return h.wait(p, clientAwaitCertificate{h})
	}
	return h.present()
}

// present shows who we are.
func (h *clientHandshake) present() (state, error) {
	p, err := h.emitCertificate()
	if err != nil {
		return nil, err
	}
	if p != nil {
		return h.wait(p, clientAwaitSignature{h})
	}
	return h.conclude()
}

// conclude sends Finished and ends the handshake.
func (h *clientHandshake) conclude() (state, error) {
	if err := h.emitFinished(h.cut(&h.clientSecret)); err != nil {
		return nil, err
	}
	if err := h.send(); err != nil {
		return nil, err
	}
	h.installKeys(h.cut(&h.nextSecret), h.cut(&h.serverSecret))
	if x := h.rejectedECH(); x != nil {
		return nil, x.endRejectedECH()
	}
	h.keepResumption()
	if err := h.resendEarly(); err != nil {
		return nil, err
	}
	e := h.e
	h.complete()
	return clientEstablished{e}, nil
}
