package tcp

// repeatSYN answers the peer's SYN once more: our SYN+ACK was lost. Data that comes with it is left, as that of the
// first was.
func (s *Socket) repeatSYN(now Instant, seg *Segment) {
	if s.flags&flagTS != 0 && seg.HasTS {
		s.takeTS(now, seg)
	}
	s.flags |= flagSYN
	s.sndNxt = s.iss
	s.host.Wake()
}

// withoutSYN gives what is left of the SYN+ACK that answers our SYN+ACK in a simultaneous open (RFC 9293 §3.5, figure
// 7): we know its SYN already.
func (s *Socket) withoutSYN(seg *Segment) *Segment {
	s.ackNow()
	rest := *seg
	rest.Seq++
	rest.Flags &^= SYN
	// The window is not scaled yet (RFC 7323 §2.2). What is taken for one that is must not become larger by that, nor
	// closed.
	rest.Window = max(rest.Window>>s.sndWScale, min(rest.Window, 1))
	return &rest
}

// completeOpen takes the ACK that ends our side of the handshake.
func (s *Socket) completeOpen(now Instant, seg *Segment) bool {
	if !s.Completes(seg) {
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

// Completes reports whether seg, for a connection in SYN-RECEIVED, is anything else than an ACK of what we never sent
// (RFC 9293 §3.10.7.4, fifth).
func (s *Socket) Completes(seg *Segment) bool {
	return seg.Flags&(SYN|ACK|RST) != ACK || s.sndUna.Less(seg.Ack) && seg.Ack.LessEq(s.sndMax)
}
