package tcp

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
