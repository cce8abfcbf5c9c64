package tcp

import "time"

// keepAlive probes a silent peer (RFC 9293 §3.8.4), and gives it up when it has ignored KeepAliveCount probes. While it
// owes us an ACK, or room, other timers ask for that, and it is for them to give it up (MUST-26).
func (s *Socket) keepAlive(now Instant) {
	if s.sndUna != s.sndMax || s.flags&flagPersist != 0 {
		s.idleAt = now.Add(s.cfg.KeepAlive)
		return
	}
	if int(s.probes) >= s.cfg.keepAliveCount() {
		s.oweRST() // it may be the way back alone that has failed
		s.close(s.silent(ErrKeepAlive))
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
	if s.cfg.KeepAlive > 0 && s.state < StateTimeWait && !s.awaitsFIN() && !s.lingers() {
		at := now.Add(s.cfg.KeepAlive)
		if at < s.idleAt { // the answer to a probe: the next silence may be shorter than what is left of the wait
			s.host.Wake()
		}
		s.idleAt = at
	}
}
