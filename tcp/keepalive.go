package tcp

import "time"

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

// heard: the peer is alive.
func (s *Socket) heard(now Instant) {
	s.probes = 0
	if s.cfg.KeepAlive > 0 && s.state < StateTimeWait && !s.awaitsFIN() {
		s.idleAt = now.Add(s.cfg.KeepAlive)
	}
}
