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
	return nil, unexpected(m, "KeyUpdate")
}
