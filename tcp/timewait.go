package tcp

// idleExpired runs the timer of connections in which nothing happens.
func (s *Socket) idleExpired(now Instant) {
	switch {
	case s.state == StateTimeWait:
		s.close(nil)
	case s.flags&flagFinWait != 0:
		s.flags &^= flagFinWait
		s.idleAt = now.Add(s.cfg.finWait())
		if s.lingers() {
			s.idleAt = now.Add(s.cfg.Linger)
		}
	case s.awaitsFIN():
		s.close(nil) // the peer had its time to end its side
	case s.lingers():
		s.reset(ErrLinger)
	case s.state.hasConnection() && s.cfg.KeepAlive > 0:
		s.keepAlive(now)
	}
}

func (s *Socket) enterTimeWait(now Instant) {
	s.setState(StateTimeWait)
	s.snd.Drop(s.env.Pool)
	s.freeOOO()
	s.dropSender()
	s.rtxAt = Never
	s.idleAt = now.Add(s.cfg.timeWait())
	s.host.Wake()
	s.host.Notify()
}

// awaitsFIN: the application is done, all of it is acknowledged, and the peer's FIN is what is left to come, for [Config].FinWait.
func (s *Socket) awaitsFIN() bool { return s.state == StateFinWait2 && s.flags&flagNoRead != 0 }

// startFinWait bounds the wait for the peer's FIN, from the next Expire on: Close has no clock.
func (s *Socket) startFinWait() {
	s.idleAt = 0
	s.flags |= flagFinWait
	s.host.Wake()
}

// Reusable reports that s is in TIME-WAIT and that syn begins a new connection between the same ports: its sequence number or its timestamp is
// beyond all of the old one's (RFC 9293 §3.10.7.4, RFC 6191 §2). The host then ends s and lets its listener have syn.
func (s *Socket) Reusable(syn *Segment) bool {
	if s.state != StateTimeWait || syn.Flags&(SYN|ACK|RST|FIN) != SYN {
		return false
	}
	if s.flags&flagTS != 0 && syn.HasTS {
		return int32(syn.TSVal-s.tsRecent) > 0 || syn.TSVal == s.tsRecent && s.rcvNxt.Less(syn.Seq)
	}
	return s.rcvNxt.Less(syn.Seq)
}
