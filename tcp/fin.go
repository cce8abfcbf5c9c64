package tcp

// processFIN takes the peer's FIN (RFC 9293 §3.10.7.4, eighth), which may have come before data that precedes it.
func (s *Socket) processFIN(now Instant, seg *Segment) {
	if s.state < StateEstablished || s.flags&flagPeerFIN != 0 {
		return
	}
	if seg.Flags&FIN != 0 {
		if at := seg.Seq.Add(len(seg.Payload)); at != s.rcvNxt {
			s.rememberFIN(now, at)
			return
		}
	} else if s.ooo == nil || !s.ooo.fin || s.ooo.finSeq != s.rcvNxt {
		return
	}
	s.freeOOO()
	s.rcvNxt++
	s.flags |= flagPeerFIN
	s.ackNow()
	switch s.state {
	case StateEstablished:
		s.setState(StateCloseWait)
	case StateFinWait1: // our FIN is not acknowledged, or ackedFIN would have left this state
		s.setState(StateClosing)
	case StateFinWait2:
		s.enterTimeWait(now)
	}
	s.host.Notify()
}

func (s *Socket) rememberFIN(now Instant, at Seq) {
	if at.Less(s.rcvNxt) || s.rcvAdv.Less(at) || s.state > StateFinWait2 {
		return
	}
	if s.ooo == nil {
		s.ooo = s.env.getOOO()
	}
	s.ooo.fin, s.ooo.finSeq = true, at
	s.expectRest(now)
	s.ackNow()
}

// awaitsFIN: the application is done, all of it is acknowledged, and the peer's FIN is what is left to come, for
// [Config].FinWait.
func (s *Socket) awaitsFIN() bool { return s.state == StateFinWait2 && s.flags&flagNoRead != 0 }

// startFinWait bounds the wait for the peer's FIN, from the next Expire on: Close has no clock.
func (s *Socket) startFinWait() {
	s.idleAt = 0
	s.flags |= flagFinWait
	s.host.Wake()
}
