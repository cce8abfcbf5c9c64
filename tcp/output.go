package tcp

// segmentSize is the largest payload that a segment has now: the SACK option takes its room from it.
func (s *Socket) segmentSize() int { return int(s.mss) - s.sackLen() }

// missing gives the segment that is to be sent again next, if both windows permit it: n bytes from seq on, and FIN if
// fin.
func (s *Socket) missing(now Instant) (seq Seq, n int, fin bool) {
	tx := s.tx
	if tx == nil || tx.lost == 0 {
		return 0, 0, false
	}
	seq, n = tx.firstMissing(s.segmentSize())
	if s.pipe()+n > int(s.cwnd) || !s.paced(now) {
		return 0, 0, false
	}
	end := seq.Add(n)
	if seq != s.sndUna && end.Sub(s.sndUna) > int(s.sndWnd) { // the peer has taken its window back; its first byte tells when it opens
		return 0, 0, false
	}
	if s.flags&flagFIN != 0 && s.finSeq().Less(end) {
		return seq, n - 1, true
	}
	return seq, n, false
}

// sendable decides how much may be sent at sndNxt now: congestion window, the peer's window, Nagle, silly windows (RFC
// 9293 §3.8.6.2.1). When it is the peer's window that forbids it and no ACK is awaited, the persist timer runs.
//
// limit is what the host takes in one piece: more than a segment if it cuts that, whole segments if more remains.
func (s *Socket) sendable(now Instant, limit int) (n int, fin bool) {
	if s.flags&flagFINAcked != 0 {
		return 0, false
	}
	flight := s.sndNxt.Sub(s.sndUna)
	unsent := s.snd.Len() - flight
	if unsent < 0 { // FIN is out
		return 0, false
	}
	pipe := s.pipe()
	size := s.segmentSize()
	congestion, theirs := int(s.cwnd)-pipe, int(s.sndWnd)-flight
	want := min(unsent, max(limit, size))
	n = max(0, min(want, congestion, theirs))
	if congestion < min(want, theirs)+size && want > 0 && theirs > 0 { // what this leaves of the window is less than a segment
		s.windowBinds(pipe + n)
	}
	if n > size && (n < unsent || s.cfg.Nagle) {
		n -= n % size
	}
	ends := s.flags&flagFIN != 0 && n == unsent
	fin = ends && n < theirs // FIN takes a number, and so needs a window
	if n == 0 && !ends && unsent == 0 {
		if s.tx != nil && pipe < int(s.cwnd) && s.tx.lost == 0 {
			s.tx.rate.limitedAt(pipe)
		}
		return 0, false
	}
	if fin || n > 0 && s.worthwhile(n, unsent, flight) {
		if !s.paced(now) {
			return 0, false
		}
		n = s.pacedPart(n, size)
		return n, fin && n == unsent
	}
	if flight == 0 { // nothing will come back by itself
		return s.intoClosed(now, n, unsent)
	}
	return 0, false
}

// intoClosed probes a window that does not let n bytes go, or FIN, when the persist timer has expired (RFC 9293
// §3.8.6.1). FIN alone is sent at once as well: there are peers that take it, as it needs no room.
func (s *Socket) intoClosed(now Instant, n, unsent int) (int, bool) {
	if unsent == 0 && s.flags&flagPersist == 0 {
		s.flags |= flagForce
	}
	s.startPersist(now)
	if s.flags&flagForce == 0 {
		return 0, false
	}
	return max(n, min(unsent, 1)), unsent == 0
}

// worthwhile is the sender's side of silly window avoidance (RFC 9293 §3.8.6.2.1), with Nagle's rule (§3.7.4) where it
// is asked for.
func (s *Socket) worthwhile(n, unsent, flight int) bool {
	switch {
	case n >= s.segmentSize():
		return true
	case n == unsent:
		return !s.cfg.Nagle || flight == 0 || !s.shortOut()
	case uint32(n) >= s.maxSndWnd/2:
		return true
	}
	return s.sndNxt.Less(s.sndMax) // it was worthwhile before
}
