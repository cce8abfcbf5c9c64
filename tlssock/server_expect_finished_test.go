package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestClientFinishedDefects(t *testing.T) {
	p := newPair(t)
	p.beRogueClient(clientScript...).edit = tamperFinished
	p.run()
	p.wantAlert(p.server, AlertDecryptError)
	if !errors.Is(p.server.Err(), ErrBadFinished) {
		t.Error(p.server.Err())
	}
	p = newPair(t)
	p.beRogueClient(clientScript...).edit = shortFinished
	p.run()
	p.wantAlert(p.server, AlertDecryptError)
}

func TestClientThatIsNotAskedSendsNoCertificate(t *testing.T) {
	for _, script := range [][]wire.Type{clientScript, {wire.TypeCertificate}} {
		p := newPair(t, func(_, s *Config) { s.ClientAuth = 0 })
		p.beRogueClient(script...)
		p.run()
		p.wantAlert(p.server, AlertUnexpectedMessage)
	}
}
