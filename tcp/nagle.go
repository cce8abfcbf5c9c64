package tcp

// Nagle's rule (RFC 9293 §3.7.4) with the modification of its appendix A.3: one short segment may be out at a time,
// however many full ones are. So the end of a write of many segments does not wait for their ACK, which the peer may
// delay; a program that writes byte by byte still sends one segment a round trip.

// noteShort takes a segment, or more at once, with n bytes, that was sent for the first time.
func (s *Socket) noteShort(n int, end Seq) {
	if s.cfg.Nagle && n < s.segmentSize() {
		s.tx.short, s.tx.shortTo = true, end
	} else {
		s.shortOut() // so that the number is forgotten before others come around to it
	}
}

// shortOut reports whether a short segment has not been acknowledged.
func (s *Socket) shortOut() bool {
	tx := s.tx
	if tx == nil || !tx.short {
		return false
	}
	tx.short = s.sndUna.Less(tx.shortTo)
	return tx.short
}
