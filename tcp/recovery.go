package tcp

// lossFound answers to newly lost bytes: recovery begins, unless it is under way.
func (s *Socket) lossFound(now Instant, lost int) {
	tx := s.tx
	tx.ack.lost += lost
	if s.flags&(flagRecovery|flagLoss) != 0 {
		return
	}
	s.env.Stats.FastRetransmits++
	s.saveUndo()
	tx.recover = s.sndMax
	tx.prr.begin(s.pipe() + lost + tx.ack.delivered)
	tx.impatient = false
	s.flags |= flagRecovery
	tx.probeAt = Never
	s.reduced()
	s.congestion().enterRecovery(s, now)
}

// recovered: all that was outstanding when the loss was seen has arrived.
func (s *Socket) recovered(now Instant) {
	cc := s.congestion()
	if s.flags&flagRecovery != 0 {
		if !cc.repairs() {
			s.cwnd = max(s.ssthresh, uint32(s.mss)) // RFC 6937 §3.1
		}
		s.tx.rack.recovered()
	}
	s.endRecovery()
	cc.leaveRecovery(s, now)
}

func (s *Socket) endRecovery() {
	s.flags &^= flagRecovery | flagLoss
	s.tx.guessed = 0
}

// adjustWindow lets the window follow what the ACK said: in recovery it is PRR's, or else the algorithm's.
func (s *Socket) adjustWindow(now Instant) {
	tx := s.tx
	a := &tx.ack
	if s.flags&flagRecovery != 0 && !s.congestion().repairs() {
		s.cwnd = max(uint32(s.mss), tx.prr.window(a.delivered, s.pipe(), s.ssthresh, uint32(s.mss), a.advances && a.lost == 0))
		return
	}
	if a.delivered > 0 {
		s.congestion().acknowledged(s, now, a)
	}
}
