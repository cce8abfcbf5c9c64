package tcp

// newReno is slow start and congestion avoidance of RFC 5681.
type newReno struct{}

func (newReno) open(s *Socket, _ Instant) { s.firstWindow() }

func (newReno) acknowledged(s *Socket, _ Instant, a *ackSample) {
	mss := uint32(s.mss)
	bytes := s.mayGrow(a)
	if s.cwnd < s.ssthresh {
		step := min(bytes, s.ssthresh-s.cwnd) // what is more counts as congestion avoidance
		s.cwnd += step
		bytes -= step
	}
	cc := &s.tx.cc
	cc.acked += bytes
	if cc.acked >= s.cwnd { // one segment a round trip (RFC 5681 §3.1)
		cc.acked -= s.cwnd
		s.cwnd = min(s.cwnd+mss, maxCwnd)
	}
}

// halve sets the threshold for what was lost (RFC 5681 §3.1, equation 4).
func (newReno) halve(s *Socket) { s.ssthresh = max(s.usedWindow()/2, 2*uint32(s.mss)) }

func (r newReno) enterRecovery(s *Socket, _ Instant) { r.halve(s) }

func (newReno) leaveRecovery(s *Socket, _ Instant) { s.tx.cc.acked = 0 }

// timeout sets the threshold once for a segment, however often it is sent again (RFC 5681 §3.1).
func (r newReno) timeout(s *Socket, _ Instant, again bool) {
	if !again {
		r.halve(s)
	}
	s.tx.cc.acked = 0
}

func (newReno) undo(*Socket, Instant) {}

func (newReno) idle(s *Socket, _ Instant) { s.restart() }

func (newReno) repairs() bool { return false }

func (newReno) lost(*Socket, Instant, *run) {}

func (newReno) pacingRate(s *Socket) uint64 { return s.steadyRate() }

// mark is answered like a loss (RFC 3168 §6.1.2).
func (newReno) mark(s *Socket, now Instant) { s.reduceNow(now) }
