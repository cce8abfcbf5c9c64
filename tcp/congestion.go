package tcp

// congestion decides how much may be outstanding; loss.go tells it what was acknowledged and what was lost. An algorithm keeps its figures in the
// Socket: cwnd, ssthresh and acked are there for all.
type congestion interface {
	// open sets the initial window, when the handshake has told the segment size.
	open(s *Socket)
	// acknowledged: bytes were, of flight that were outstanding before, and nothing is being recovered.
	acknowledged(s *Socket, bytes, flight int)
	// enterRecovery: duplicate ACKs have shown a loss.
	enterRecovery(s *Socket)
	// duplicate: one more duplicate ACK, in recovery.
	duplicate(s *Socket)
	// partial: an ACK of so many bytes, but not of all that recovery is about.
	partial(s *Socket, bytes int)
	// leaveRecovery: all that recovery was about is acknowledged.
	leaveRecovery(s *Socket)
	// timeout: everything outstanding is lost. again: not for the first time.
	timeout(s *Socket, again bool)
}

// congestion gives the algorithm of s.
func (s *Socket) congestion() congestion { return newReno{} }

// maxCwnd bounds the congestion window: more can't be outstanding.
const maxCwnd = maxBuffer

// flightSize is what is outstanding (RFC 5681 §2).
func (s *Socket) flightSize() uint32 { return uint32(s.sndMax.Sub(s.sndUna)) }
