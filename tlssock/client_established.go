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
	return nil, s.awaits(m.typ, 0)
}

// awaits implements idle.
func (s clientEstablished) awaits(t wire.Type, n int) error {
	switch {
	case t == wire.TypeKeyUpdate:
		return awaitsKeyUpdate(n)
	case t == wire.TypeNewSessionTicket, t == wire.TypeCertificateRequest && s.post() != nil:
		return nil
	}
	return unexpected(message{typ: t}, "KeyUpdate or NewSessionTicket")
}
