package tcp

// withoutSYN gives what is left of the SYN+ACK that answers our SYN+ACK in a simultaneous open (RFC 9293 §3.5, figure 7): we know its SYN already.
func (s *Socket) withoutSYN(seg *Segment) *Segment {
	s.ackNow()
	rest := *seg
	rest.Seq++
	rest.Flags &^= SYN
	return &rest
}

// completeOpen takes the ACK that ends our side of the handshake.
func (s *Socket) completeOpen(now Instant, seg *Segment) bool {
	if !s.sndUna.Less(seg.Ack) || s.sndMax.Less(seg.Ack) {
		s.env.Stats.DropBadACK++
		s.resetReply(seg.Ack)
		return false
	}
	if l := s.listener; l != nil && !l.admit(s) {
		s.env.Stats.DropAcceptQueueFull++
		return false
	}
	s.ackedSYN(now, seg)
	s.sndWnd = uint32(seg.Window) << s.sndWScale
	s.maxSndWnd = max(s.maxSndWnd, s.sndWnd)
	s.sndWl1, s.sndWl2 = seg.Seq, seg.Ack
	s.established(now)
	if s.flags&flagFIN != 0 { // closed before it was open
		s.setState(StateFinWait1)
	}
	return true
}
