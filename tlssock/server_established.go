package tlssock

import "smoltls/tlssock/internal/wire"

// serverEstablished is a server after the handshake.
type serverEstablished struct{ *Engine }

func (s serverEstablished) handle(m message) (state, error) {
	switch m.typ {
	case wire.TypeKeyUpdate:
		return s, s.receiveKeyUpdate(m)
	case wire.TypeCertificate, wire.TypeCompressedCertificate:
		return s.receiveAnswer(m)
	}
	return nil, s.awaits(m.typ, 0)
}

// awaits implements idle.
func (s serverEstablished) awaits(t wire.Type, n int) error {
	switch p := s.post(); {
	case t == wire.TypeKeyUpdate:
		return awaitsKeyUpdate(n)
	case (t == wire.TypeCertificate || t == wire.TypeCompressedCertificate) && p != nil && len(p.asked) > 0:
		return nil
	}
	return unexpected(message{typ: t}, "KeyUpdate")
}
