package tcp

// patience is when a connection ends because the peer has acknowledged nothing since progress, or Never. For SYN that
// is [Config].ConnectTimeout, for SYN+ACK of a listener [ListenConfig].SYNTimeout.
func (s *Socket) patience() Instant {
	limit := s.cfg.userTimeout()
	switch {
	case s.state == StateSynReceived && s.listener != nil:
		limit = s.listener.cfg.SYNTimeout
	case s.state == StateSynSent || s.state == StateSynReceived:
		limit = s.cfg.connectTimeout()
	case limit >= 0:
	case s.flags&flagNoRead != 0:
		limit = DefaultUserTimeout // nobody is left who could wait longer
	default:
		return Never
	}
	return s.progress.Add(limit)
}

// givenUp ends a connection whose peer has acknowledged nothing for too long, or not answered so many times (R2 of RFC
// 9293 §3.8.3).
func (s *Socket) givenUp(now Instant, unanswered uint8) bool {
	switch {
	case now >= s.patience():
		s.close(s.silent(ErrUserTimeout))
	case int(unanswered) >= s.cfg.maxRetries():
		s.close(s.silent(ErrTimeout))
	default:
		return false
	}
	return true
}
