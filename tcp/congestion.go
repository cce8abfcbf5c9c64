package tcp

// congestion decides how much may be outstanding, and how fast it leaves. loss.go and recovery.go tell it what has arrived and what was lost; in recovery it is PRR
// that moves cwnd, to the ssthresh that enterRecovery sets. An algorithm has no state but what stands in the Socket (cwnd and ssthresh, in bytes, which last) and in
// sender.cc (which an idle connection forgets).
type congestion interface {
	// open sets the initial window, when the handshake has told the segment size.
	open(s *Socket, now Instant)
	// acknowledged: something has arrived, reported by SACK or cumulatively, and recovery is not under way (after a timeout it is slow start that makes the loss good).
	acknowledged(s *Socket, now Instant, a *ackSample)
	// enterRecovery: a loss was found: set ssthresh.
	enterRecovery(s *Socket, now Instant)
	// leaveRecovery: all that was outstanding when the loss was found has arrived. cwnd is ssthresh.
	leaveRecovery(s *Socket, now Instant)
	// timeout: the retransmission timer expired: set ssthresh, unless again: not for the first time since something was acknowledged. cwnd is set to one segment after it.
	timeout(s *Socket, now Instant, again bool)
	// undo: it was no loss. cwnd and ssthresh are what they were before.
	undo(s *Socket, now Instant)
	// idle: nothing was outstanding for a retransmission timeout. sender.cc is forgotten after it.
	idle(s *Socket, now Instant)
}

// congestion gives the algorithm of s.
func (s *Socket) congestion() congestion { return newReno{} }

// maxCwnd bounds the congestion window: more can't be outstanding.
const maxCwnd = maxBuffer

// flightSize is what is outstanding (RFC 5681 §2).
func (s *Socket) flightSize() uint32 { return uint32(s.sndMax.Sub(s.sndUna)) }

// initialWindow is RFC 6928 §2. When more than one SYN was lost it is one segment: the path is bad.
func (s *Socket) initialWindow() uint32 {
	mss := uint32(s.mss)
	return min(10*mss, max(2*mss, 14600))
}

// restart is what most algorithms do after idle time: the window that was learned is no longer known to fit, so slow start goes up to it again
// (RFC 5681 §4.1); a good part of it is remembered (RFC 7661 §4.4.1).
func (s *Socket) restart() {
	s.ssthresh = max(s.ssthresh, s.cwnd/4*3)
	s.cwnd = min(s.cwnd, s.initialWindow())
}
