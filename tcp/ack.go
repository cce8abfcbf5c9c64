package tcp

// processACK is the fifth check of RFC 9293 §3.10.7.4. It reports whether the rest of the segment may be looked at.
func (s *Socket) processACK(now Instant, seg *Segment) bool {
	if s.state == StateSynReceived && !s.completeOpen(now, seg) {
		return false
	}
	if !s.plausible(seg.Ack) {
		s.env.Stats.DropBadACK++
		s.challengeACK(now)
		return false
	}
	if s.flags&flagTS != 0 && seg.HasTS { // not before: who sees none of our segments must not set the mark by which PAWS judges the peer's
		s.takeTS(now, seg)
	}
	if s.tx != nil {
		s.tx.ack = ackSample{prior: s.pipe()}
	}
	switch {
	case s.sndUna.Less(seg.Ack):
		s.newACK(now, seg)
	case seg.Ack == s.sndUna && s.tx != nil:
		if s.tx.ack.duplicate = s.isDuplicate(seg); s.tx.ack.duplicate || len(seg.SACK) > 0 {
			s.lossOnACK(now, seg)
			s.schedule()
		}
	}
	s.echoed(now, seg)
	s.updateWindow(now, seg)
	return s.ackedFIN(now)
}

// plausible reports whether the peer may have sent this number: an ACK of what was never sent, or of what is older than
// any window, is a forgery or very late (RFC 5961 §5.2).
func (s *Socket) plausible(ack Seq) bool {
	return ack.LessEq(s.sndMax) && !ack.Less(s.sndUna-Seq(s.maxSndWnd))
}

// newACK takes an ACK of data that was outstanding.
func (s *Socket) newACK(now Instant, seg *Segment) {
	acked := seg.Ack.Sub(s.sndUna)
	s.sampleRTT(now, seg)
	data := acked
	if s.flags&(flagFIN|flagFINAcked) == flagFIN && seg.Ack == s.finSeq()+1 {
		s.flags |= flagFINAcked
		data--
	}
	s.release(data)
	s.sndUna = seg.Ack
	s.sndNxt = maxSeq(s.sndNxt, s.sndUna)
	// What arrives shows that the path carries something. To keep the timeout doubled until a round trip is certain
	// (RFC 6298 §5.7) would make a lossy path ever slower: each wait that an ACK was lost for would count as its delay.
	s.backoff, s.retries = 0, 0
	s.progress = now
	s.flags &^= flagPersist | flagForce | flagUnreached
	s.rtxAt = Never
	if s.tx != nil {
		s.advanced(now, seg, acked)
	}
	s.host.Wake()
}

// advanced: the ACK has moved sndUna by acked, over what was in flight.
func (s *Socket) advanced(now Instant, seg *Segment, acked int) {
	tx := s.tx
	tx.ack.acked, tx.ack.advances = acked, true
	s.popAcked(now, seg)
	s.lossOnACK(now, seg)
	switch {
	case s.sndUna == s.sndMax:
		s.allAcked(now)
	case s.flags&(flagRecovery|flagSACK) == flagRecovery && tx.impatient:
		s.schedule()
	default:
		tx.impatient = true // RFC 6582 §3.2 step 3: in a recovery without SACK only the first partial ACK does that
		s.restartRTO(now)   // RFC 6298 §5.3
	}
}

// release drops n bytes that were acknowledged. The application hears of it when the socket has become Writable, or is
// and a write was refused.
func (s *Socket) release(n int) {
	half := s.sendLimit() / 2
	full := s.snd.Len() > half
	s.snd.Release(n)
	s.snd.Trim(s.env.Pool)
	if s.snd.Len() <= half && (full || s.flags&flagWantWrite != 0) {
		s.flags &^= flagWantWrite
		s.host.Notify()
	}
}

// ackedFIN changes state when our FIN is acknowledged. It reports whether the segment may be processed further.
func (s *Socket) ackedFIN(now Instant) bool {
	if s.flags&flagFINAcked == 0 {
		return true
	}
	switch s.state {
	case StateFinWait1:
		s.setState(StateFinWait2)
		if s.flags&flagNoRead != 0 {
			s.idleAt = now.Add(s.cfg.finWait())
		} else if s.cfg.KeepAlive > 0 {
			s.idleAt = now.Add(s.cfg.KeepAlive)
		}
		s.host.Notify()
	case StateClosing:
		s.enterTimeWait(now)
		return false
	case StateLastAck:
		s.close(nil)
		return false
	}
	return true
}
