package tlssock

import "smoltls/tlssock/internal/wire"

// clientEstablished is a client after the handshake.
type clientEstablished struct{ *Engine }

func (s clientEstablished) handle(m message) (state, error) {
	switch m.typ {
	case wire.TypeKeyUpdate:
		return s, s.receiveKeyUpdate(m)
	case wire.TypeNewSessionTicket:
		return s, s.receiveTicket(m)
	case wire.TypeCertificateRequest:
		return s, s.receiveRequest(m)
	}
	return nil, unexpected(m, "KeyUpdate or NewSessionTicket")
}
