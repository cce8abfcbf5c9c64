package tcp

import "time"

// startTimer starts the timer of a SYN, or the persist timer, anew. It comes no later than the end of all patience.
func (s *Socket) startTimer(now Instant) {
	s.rtxAt = min(now.Add(s.timeout()), s.patience())
}

// handshakeExpired: SYN or SYN+ACK was not answered.
func (s *Socket) handshakeExpired(now Instant) {
	if s.state != StateSynSent && s.state != StateSynReceived {
		return
	}
	if now >= s.patience() {
		s.close(s.silent(ErrTimeout))
		return
	}
	s.flags |= flagSYN
	s.retries = increment(s.retries)
	s.backoff = increment(s.backoff)
	s.doubtHop()
	s.startTimer(now) // at once, for a host that can't send now (RFC 6298 §5.6)
	s.host.Wake()
}

// retransmitExpired is RFC 6298 §5.4 to §5.6, with the user timeout of RFC 9293 §3.8.3.
func (s *Socket) retransmitExpired(now Instant) {
	if s.givenUp(now, s.retries) {
		return
	}
	if s.sndWnd == 0 { // taken back over what is outstanding: that is to be sent again, when there is a window (RFC 9293 §3.8.6, MUST-34)
		s.dropSender()
		s.sndNxt = s.sndUna
		s.host.Wake()
		return
	}
	s.lossOnTimeout(now)
	s.retries = increment(s.retries)
	s.backoff = increment(s.backoff)
	s.blackHole(now)
	s.doubtHop()
	s.restartRTO(now) // at once, for a host that can't send now (RFC 6298 §5.6)
	s.host.Wake()
}

// increment counts to 255 and stays there.
func increment(n uint8) uint8 { return uint8(min(int(n)+1, 255)) }

// rttGranularity is G of RFC 6298: the clock of timestamps.
const rttGranularity = time.Millisecond

// synLostRTO is the timeout for data when the handshake gave no round trip because SYN was sent more than once (RFC
// 6298 §5.7).
const synLostRTO = 3 * time.Second

// baseRTO is the retransmission timeout without backoff (RFC 6298 §2).
func (s *Socket) baseRTO() time.Duration {
	low, high := s.cfg.minRTO(), s.cfg.maxRTO()
	var d time.Duration
	switch {
	case s.srtt != 0:
		// Where all round trips are alike the variation goes to zero. There is room for what the path has not shown yet
		// all the same, a delayed ACK or a queue: a timeout of just one round trip would expire while the ACK arrives.
		// On long paths it is the least timeout.
		d = micros(s.srtt) + max(rttGranularity, 4*micros(s.rttvar), min(low, micros(s.srtt)))
	case s.flags&flagTimedOut != 0 && s.state >= StateEstablished:
		d = synLostRTO
	default:
		d = s.cfg.initialRTO()
	}
	return max(low, min(d, high))
}

// timeout is the retransmission timeout with its exponential backoff (RFC 6298 §5.5), which the bound on it holds at a
// positive value.
func (s *Socket) timeout() time.Duration {
	d, high := s.baseRTO(), max(s.cfg.maxRTO(), s.cfg.minRTO())
	for range s.backoff {
		if d >= high/2 {
			return high
		}
		d *= 2
	}
	return d
}
