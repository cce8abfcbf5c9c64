package tcp

// Deadline is when the earliest timer is due, or [Never]. It moves with nearly every call; the host looks at it after Wake.
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
