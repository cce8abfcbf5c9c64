package tcp

import "time"

// Deadline is when the earliest timer is due, or [Never]. It moves with nearly every call; the host looks at it after Wake.
func (s *Socket) Deadline() Instant { return min(s.rtxAt, s.ackAt, s.idleAt) }

// Expire runs the timers that are due at now.
func (s *Socket) Expire(now Instant) {
	if s.ackAt <= now {
		s.ackExpired()
	}
	if s.rtxAt <= now {
		s.rtxAt = Never
		if s.flags&flagPersist != 0 {
			s.persistExpired(now)
		} else {
			s.retransmitExpired(now)
		}
	}
	if s.idleAt <= now {
		s.idleAt = Never
		s.idleExpired(now)
	}
}

// memoryRetry is how long a writer whom the pool refused waits until it is told to try again.
const memoryRetry = 20 * time.Millisecond

// armMemoryRetry starts that wait. It shares the timer of delayed ACKs.
func (s *Socket) armMemoryRetry(now Instant) { s.ackAt = min(s.ackAt, now.Add(memoryRetry)) }

// ackExpired: an ACK has been delayed for long enough, or memory may have come back.
func (s *Socket) ackExpired() {
	s.ackAt = Never
	if s.unacked > 0 {
		s.ackNow()
	}
	if s.flags&flagWantMemory != 0 {
		s.flags &^= flagWantMemory | flagWantWrite
		s.host.Notify()
	}
}

// retransmitExpired is RFC 6298 §5.4 to §5.6, with the user timeout of RFC 9293 §3.8.3.
func (s *Socket) retransmitExpired(now Instant) {
	if s.state == StateSynSent || s.state == StateSynReceived {
		if now.Sub(s.progress) >= s.cfg.connectTimeout() {
			s.close(ErrTimeout)
			return
		}
		s.flags |= flagSYN
	} else {
		if s.sndUna == s.sndMax {
			return
		}
		if s.givenUp(now, s.retries) {
			return
		}
		s.lossOnTimeout()
	}
	s.retries = increment(s.retries)
	s.backoff = increment(s.backoff)
	s.host.Wake()
}

// increment counts to 255 and stays there.
func increment(n uint8) uint8 { return uint8(min(int(n)+1, 255)) }

// givenUp ends a connection whose peer has acknowledged nothing for too long, or not answered so many times (R2 of RFC 9293 §3.8.3).
func (s *Socket) givenUp(now Instant, unanswered uint8) bool {
	limit := s.cfg.userTimeout()
	if limit < 0 && s.flags&flagNoRead != 0 {
		limit = DefaultUserTimeout // nobody is left who could wait longer
	}
	switch {
	case limit >= 0 && now.Sub(s.progress) >= limit:
		s.close(ErrUserTimeout)
	case int(unanswered) >= s.cfg.maxRetries():
		s.close(ErrTimeout)
	default:
		return false
	}
	return true
}

// startPersist begins to wait for a window (RFC 9293 §3.8.6.1): data is queued, nothing is outstanding, and the window does not let it go.
func (s *Socket) startPersist(now Instant) {
	if s.flags&flagPersist != 0 && s.rtxAt != Never {
		return
	}
	if s.flags&flagPersist == 0 {
		s.flags |= flagPersist
		s.backoff = 0
		s.progress = now
	}
	s.rtxAt = now.Add(s.timeout())
	s.host.Wake()
}

func (s *Socket) persistExpired(now Instant) {
	if s.givenUp(now, s.probes) {
		return
	}
	s.probes = increment(s.probes)
	s.backoff = increment(s.backoff)
	s.env.Stats.ZeroProbes++
	s.flags |= flagForce
	s.host.Wake()
}

// leavePersist: the window has grown to wnd.
func (s *Socket) leavePersist(wnd uint32) {
	if s.flags&flagPersist == 0 || wnd == 0 {
		return
	}
	s.flags &^= flagPersist | flagForce
	s.backoff = 0
	s.rtxAt = Never
}

// idleExpired runs the timer of connections in which nothing happens.
func (s *Socket) idleExpired(now Instant) {
	switch {
	case s.state == StateTimeWait:
		s.close(nil)
	case s.flags&flagFinWait != 0:
		s.flags &^= flagFinWait
		s.idleAt = now.Add(s.cfg.finWait())
	case s.awaitsFIN():
		s.close(nil) // the peer had its time to end its side
	case s.state.hasConnection() && s.cfg.KeepAlive > 0:
		s.keepAlive(now)
	}
}

// keepAlive probes a silent peer (RFC 9293 §3.8.4), and gives it up when it has ignored KeepAliveCount probes.
func (s *Socket) keepAlive(now Instant) {
	if int(s.probes) >= s.cfg.keepAliveCount() {
		s.close(ErrKeepAlive)
		return
	}
	s.probes = increment(s.probes)
	s.env.Stats.KeepAliveProbes++
	s.flags |= flagProbe
	s.idleAt = now.Add(max(s.cfg.keepAliveEvery(), time.Millisecond))
	s.host.Wake()
}
