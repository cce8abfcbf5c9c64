package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// serverExpectEndOfEarlyData is a server that has accepted early data. What comes of that goes past the state.
type serverExpectEndOfEarlyData struct{ *serverHandshake }

func (s serverExpectEndOfEarlyData) handle(m message) (state, error) {
	if m.typ != wire.TypeEndOfEarlyData {
		return nil, unexpected(m, "EndOfEarlyData")
	}
	if len(m.body()) != 0 {
		return nil, faultf(AlertDecodeError, "EndOfEarlyData of %d bytes", len(m.body()))
	}
	if !m.last { // RFC 8446 §5.1
		return nil, excess(m.typ)
	}
	s.earlyIn.open = false
	s.installKeys(s.cut(&s.clientSecret), nil)
	return serverExpectFinished(s), s.transcript.Add(m.raw)
}
