package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

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

// serverAwaitConfig is a server that waits for the configuration for its client.
type serverAwaitConfig struct{ *serverHandshake }

func (s serverAwaitConfig) resume(a *Answer) (state, error) {
	if s.declinesECH(a.Err) {
		return s.configureOuter(&wire.ClientHello{})
	}
	if err := s.useConfig(a.Config, a.Err); err != nil {
		return nil, err
	}
	m, msg, err := s.heldHello()
	if err != nil {
		return nil, err
	}
	return s.greet(m, &msg)
}

// serverAwaitCertificate is a server that waits for its certificate.
type serverAwaitCertificate struct{ *serverHandshake }

func (s serverAwaitCertificate) resume(a *Answer) (state, error) {
	ids, err := s.givenOr(a.Certificate, a.Err)
	if err != nil {
		return nil, err
	}
	m, msg, err := s.heldHello()
	if err != nil {
		return nil, err
	}
	return s.respond(m, &msg, s.chooseIdentities(&msg, ids))
}

// serverAwaitReplayGuard is a server that waits for the word of its ReplayGuard. Early data that comes meanwhile is not
// looked at.
type serverAwaitReplayGuard struct{ *serverHandshake }

func (s serverAwaitReplayGuard) resume(a *Answer) (state, error) {
	_, msg, err := s.heldHello()
	if err != nil {
		return nil, err
	}
	status := EarlyDataRefused
	switch {
	case a.Err != nil:
		status = EarlyDataUndecided
	case a.EarlyData:
		status = EarlyDataAccepted
	}
	if err := s.settleEarly(&msg, status); err != nil {
		return nil, err
	}
	return s.accept(&msg)
}
