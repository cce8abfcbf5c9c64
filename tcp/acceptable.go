package tcp

// checkSequence is the first check of RFC 9293 §3.10.7.4, after PAWS (RFC 7323 §5.3). What is outside of the window is
// answered by an ACK.
func (s *Socket) checkSequence(now Instant, seg *Segment) bool {
	if s.flags&flagTS != 0 && seg.Flags&RST == 0 {
		if !seg.HasTS {
			s.env.Stats.DropNoTimestamp++
			return false
		}
		if s.paws(now, seg) {
			s.env.Stats.DropPAWS++
			s.answerStray(now, seg)
			return false
		}
	}
	if s.acceptable(seg) {
		return true
	}
	s.env.Stats.DropNotAcceptable++
	switch {
	case seg.Flags&RST != 0:
	case s.state == StateTimeWait && seg.Flags&FIN != 0 && seg.Seq.Add(seg.Len()) == s.rcvNxt:
		s.idleAt = now.Add(s.cfg.timeWait()) // the peer did not get our ACK of its FIN
		s.ackNow()
	case seg.Len() == 0 && s.state != StateTimeWait && seg.Seq.Add(1) == s.rcvNxt:
		s.heard(now) // a keep-alive probe (RFC 9293 §3.8.4)
		s.ackNow()
	case !s.mustAnswer(seg):
		s.challengeACK(now)
	default:
		// What was received before, sent again because our ACK was lost: echo this sending's timestamp, or the peer
		// would measure its own timeout.
		if s.flags&flagTS != 0 && seg.Flags&ACK != 0 && s.plausible(seg.Ack) && seg.Seq.Less(s.rcvNxt) && s.rcvNxt.Sub(seg.Seq) <= s.recvLimit() {
			s.takeTS(now, seg)
		}
		if seg.Seq.Less(s.rcvNxt) && s.state >= StateEstablished {
			s.duplicateArrived(seg.Seq, seg.Seq.Add(min(len(seg.Payload), s.rcvNxt.Sub(seg.Seq))))
		}
		s.ackNow()
	}
	return false
}

// mustAnswer reports whether seg has something to be acknowledged: data, FIN, or the peer's own SYN+ACK once more, as
// it did not get our ACK of that.
func (s *Socket) mustAnswer(seg *Segment) bool {
	if seg.Flags&SYN != 0 {
		return seg.Flags&ACK != 0 && seg.Seq == s.irs
	}
	return seg.Len() > 0
}

// answerStray acknowledges a segment that was dropped. Without anything to acknowledge the answer is limited as a
// challenge is: such a segment may come from anywhere, and when it is itself the other end's answer to what that has
// dropped, neither would ever stop.
func (s *Socket) answerStray(now Instant, seg *Segment) {
	if s.mustAnswer(seg) {
		s.ackNow()
	} else {
		s.challengeACK(now)
	}
}

// acceptable is the test of RFC 9293 §3.10.7.4, table 6. An ACK of a segment that ends in the window but begins before
// it is acceptable too.
func (s *Socket) acceptable(seg *Segment) bool {
	wnd := max(s.rcvAdv.Sub(s.rcvNxt), 0)
	off := seg.Seq.Sub(s.rcvNxt)
	n := seg.Len()
	switch {
	case n == 0 && wnd == 0:
		return off == 0
	case n == 0:
		return off >= 0 && off < wnd || off == wnd // a pure ACK at the window's end: the peer has filled it
	case wnd == 0:
		// Nothing fits, but an ACK and a RST that come with data that must be refused are valid (RFC 9293 §3.10.7.4).
		return off == 0
	}
	return off < wnd && off+n > 0
}

// checkRST is RFC 9293 §3.10.7.4's second check with RFC 5961 §3: only a RST at exactly rcvNxt is believed; one
// elsewhere in the window is challenged.
func (s *Socket) checkRST(now Instant, seg *Segment) bool {
	if seg.Flags&RST == 0 {
		return true
	}
	if s.state == StateTimeWait { // RFC 1337 §3: an old segment could end the protection against old segments
		s.env.Stats.DropTimeWaitRST++
		return false
	}
	if seg.Seq != s.rcvNxt {
		s.challengeACK(now)
		return false
	}
	s.env.Stats.ResetsIn++
	switch s.state {
	case StateSynReceived:
		s.close(ErrRefused)
	case StateClosing, StateLastAck:
		s.close(nil)
	default:
		s.close(ErrReset)
	}
	return false
}

// checkSYN is the fourth check with RFC 5961 §4: a SYN in a connection is challenged, wherever it stands.
func (s *Socket) checkSYN(now Instant, seg *Segment) bool {
	if seg.Flags&SYN == 0 {
		return true
	}
	s.challengeACK(now)
	return false
}
