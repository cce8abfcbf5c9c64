package tcp

// HopHost is a [Host] that knows which neighbour takes its packets on, and wants to hear when that one may be the
// reason for a peer's silence.
type HopHost interface {
	// Doubt: timeout has followed timeout. It is called at each further one, too (RFC 1122 §2.3.2.1 and §3.3.1.4:
	// advice from the transport).
	Doubt()
}

// doubtTimeouts is how many timeouts in a row raise a doubt: one is often a loss and nothing more.
const doubtTimeouts = 2

// doubtHop follows a timeout.
func (s *Socket) doubtHop() {
	if s.retries < doubtTimeouts {
		return
	}
	if host, ok := s.host.(HopHost); ok {
		host.Doubt()
	}
}
