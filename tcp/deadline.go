package tcp

// Deadline is when the earliest timer is due, or [Never]. It moves with nearly every call; the host looks at it after
// Wake.
func (s *Socket) Deadline() Instant { return min(s.rtxAt, s.ackAt, s.idleAt, s.reassemblyAt()) }

// Expire runs the timers that are due at now.
func (s *Socket) Expire(now Instant) {
	if s.ackAt <= now {
		s.ackExpired()
	}
	if s.rtxAt <= now {
		s.rtxAt = Never
		switch {
		case s.flags&flagPersist != 0:
			s.persistExpired(now)
		case s.tx != nil:
			s.senderExpired(now)
		default:
			s.handshakeExpired(now)
		}
	}
	if s.reassemblyAt() <= now {
		s.reassemblyExpired()
	}
	if s.idleAt <= now {
		s.idleAt = Never
		s.idleExpired(now)
	}
}

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
