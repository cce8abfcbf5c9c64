package tcp

// lingers: the application is done, and what it has written is not acknowledged yet, which [Config].Linger bounds.
func (s *Socket) lingers() bool {
	if s.flags&flagNoRead == 0 || s.cfg.Linger <= 0 {
		return false
	}
	return s.state == StateFinWait1 || s.state == StateClosing || s.state == StateLastAck
}

// startLinger begins to wait, if it does, from the next Expire on: Close has no clock.
func (s *Socket) startLinger() {
	if s.lingers() {
		s.idleAt = 0
		s.flags |= flagFinWait
		s.host.Wake()
	}
}
