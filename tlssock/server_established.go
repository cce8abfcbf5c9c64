package tlssock

import "smoltls/tlssock/internal/wire"

// serverEstablished is a server after the handshake.
type serverEstablished struct{ *Engine }

func (s serverEstablished) handle(m message) (state, error) {
	if m.typ == wire.TypeKeyUpdate {
		return s, s.receiveKeyUpdate(m)
	}
	return nil, unexpected(m, "KeyUpdate")
}
