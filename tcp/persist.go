package tcp

// startPersist begins to wait for a window (RFC 9293 §3.8.6.1): data is queued, nothing is outstanding, and the window
// does not let it go.
func (s *Socket) startPersist(now Instant) {
	if s.flags&flagPersist != 0 && s.rtxAt != Never {
		return
	}
	if s.flags&flagPersist == 0 {
		s.flags |= flagPersist
		s.backoff = 0
		s.progress = now
	}
	s.dropSender()
	s.startTimer(now)
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
	s.startTimer(now)
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
