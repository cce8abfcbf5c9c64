package tcp

// lost gives how much of what is outstanding at sndUna fits a segment.
func (s *Socket) lost() (n int, fin bool) {
	queued := s.snd.Len()
	n = min(queued, int(s.mss), s.sndMax.Sub(s.sndUna))
	return n, s.flags&flagFIN != 0 && n == queued && s.finSeq().Less(s.sndMax)
}

// sendable decides how much may be sent at sndNxt now: congestion window, the peer's window, Nagle, silly windows (RFC 9293 §3.8.6.2.1). When it is
// the peer's window that forbids it and no ACK is awaited, the persist timer runs.
func (s *Socket) sendable(now Instant) (n int, fin bool) {
	if s.flags&flagFINAcked != 0 {
		return 0, false
	}
	flight := s.sndNxt.Sub(s.sndUna)
	unsent := s.snd.Len() - flight
	if unsent < 0 { // FIN is out
		return 0, false
	}
	usable := int(min(s.cwnd, s.sndWnd)) - flight
	n = max(0, min(unsent, int(s.mss), usable))
	fin = s.flags&flagFIN != 0 && n == unsent
	if n == 0 && !fin && unsent == 0 {
		return 0, false
	}
	if fin || n > 0 && s.worthwhile(n, unsent, flight) {
		return n, fin
	}
	if flight == 0 { // nothing will come back by itself
		if s.flags&flagForce != 0 {
			return max(n, 1), false
		}
		s.startPersist(now)
	}
	return 0, false
}

// worthwhile is the sender's side of silly window avoidance (RFC 9293 §3.8.6.2.1), with Nagle's rule (§3.7.4) where it is asked for.
func (s *Socket) worthwhile(n, unsent, flight int) bool {
	switch {
	case n == int(s.mss):
		return true
	case n == unsent:
		return !s.cfg.Nagle || flight == 0
	case uint32(n) >= s.maxSndWnd/2:
		return true
	}
	return s.sndNxt.Less(s.sndMax) // it was worthwhile before
}
