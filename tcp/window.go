package tcp

// window gives the window to tell, scaled for the header, and moves rcvAdv. Its right edge never moves back, and
// forward only by a worthwhile step: half the buffer or a full segment (RFC 9293 §3.8.6.2.2).
func (s *Socket) window() uint16 {
	free := s.windowEdge()
	edge := free
	if edge.Sub(s.rcvAdv) < min(s.recvLimit()/2, int(s.mss)) {
		edge = s.rcvAdv
	}
	room := max(edge.Sub(s.rcvNxt), 0)
	wnd := room >> s.rcvWScale
	// Less than one unit is cut off, which would move the edge back by as much (RFC 7323 §2.4): one unit more, where
	// the buffer has it.
	if wnd<<s.rcvWScale != room && s.rcvNxt.Add((wnd+1)<<s.rcvWScale).LessEq(free) {
		wnd++
	}
	wnd = min(wnd, 0xffff)
	s.rcvAdv = maxSeq(s.rcvAdv, s.rcvNxt.Add(wnd<<s.rcvWScale))
	return uint16(wnd)
}

// windowEdge is the right edge that the buffer's free space permits, as far as a header can tell of it.
func (s *Socket) windowEdge() Seq {
	return s.rcvNxt.Add(min(s.recvLimit()-s.rcv.Len(), s.largestWindow()))
}

// largestWindow is the largest that a header can tell, with the scale that was agreed on.
func (s *Socket) largestWindow() int { return 0xffff << s.rcvWScale }

// roomMade makes sure that the peer hears of room in the buffer once that is worth an ACK. While it has half of the
// buffer for its use the ACKs of what it sends will tell it.
func (s *Socket) roomMade() {
	if s.state < StateEstablished || s.state > StateFinWait2 || s.flags&flagPeerFIN != 0 {
		return
	}
	half := min(s.recvLimit(), s.largestWindow()) / 2
	if s.rcvAdv.Sub(s.rcvNxt) < half && s.windowEdge().Sub(s.rcvAdv) >= min(half, int(s.mss)) {
		s.ackNow()
	}
}

// updateWindow takes the peer's window if seg is not older than what set it last (RFC 9293 §3.10.7.4).
func (s *Socket) updateWindow(now Instant, seg *Segment) {
	if seg.Ack.Less(s.sndUna) || seg.Seq.Less(s.sndWl1) || seg.Seq == s.sndWl1 && seg.Ack.Less(s.sndWl2) {
		return
	}
	wnd := uint32(seg.Window) << s.sndWScale
	if s.flags&(flagPersist|flagNoRead) == flagPersist {
		// The peer answers: a window may stay closed for as long as it likes (RFC 9293 §3.8.6.1), unless our
		// application has gone.
		s.progress = now
	}
	if wnd != s.sndWnd {
		grown := wnd > s.sndWnd
		s.sndWnd = wnd
		s.maxSndWnd = max(s.maxSndWnd, wnd)
		if grown {
			s.leavePersist(wnd)
			s.host.Wake()
		} else if s.tx != nil && s.tx.probeAt != Never {
			s.armProbe(now) // it may be full
			s.schedule()
		}
	}
	s.sndWl1, s.sndWl2 = seg.Seq, seg.Ack
}

// Holds is how many unread bytes are sure to find room: the receive buffer, less what silly window avoidance may keep
// closed. An application that reads nothing until more than that has come may wait for ever.
func (s *Socket) Holds() int {
	limit := s.cfg.recvBuffer()
	return limit - min(limit/2, int(s.mss))
}
