package tcp

// expectRest bounds the wait for what is missing before the data, or the FIN, that has come out of order.
func (s *Socket) expectRest(now Instant) {
	if o := s.ooo; o != nil && o.expires == Never && (len(o.ranges) > 0 || o.fin) {
		o.expires = now.Add(s.cfg.reassembly())
	}
}

// reassemblyAt is when that wait ends.
func (s *Socket) reassemblyAt() Instant {
	if s.ooo == nil {
		return Never
	}
	return s.ooo.expires
}

// reassemblyExpired drops what has waited too long. The peer was told that it is here (RFC 2018 §8 lets us take that
// back), and sends it again.
func (s *Socket) reassemblyExpired() {
	s.env.Stats.ReassembliesExpired++
	s.freeOOO()
}
