package tcp

import "time"

// sampleRTT takes the round trip that seg's acknowledgement shows. A byte that was sent once is timed by our own clock; when what is acknowledged
// was sent again, the echoed timestamp still tells which sending was answered (RFC 6298 §3, RFC 7323 §4).
func (s *Socket) sampleRTT(now Instant, seg *Segment) {
	switch {
	case s.flags&flagTiming != 0 && s.rttSeq.Less(seg.Ack):
		s.flags &^= flagTiming
		s.updateRTT(now.Sub(s.rttAt))
	case s.flags&flagTS != 0 && seg.HasTS && seg.TSEcr != 0 && s.flags&flagTiming == 0:
		if ms := s.tsVal(now) - seg.TSEcr; ms < 1<<20 {
			s.updateRTT(time.Duration(ms) * time.Millisecond)
		}
	}
}

// startTiming times the byte at seq, if none is timed.
func (s *Socket) startTiming(now Instant, seq Seq) {
	if s.flags&flagTiming == 0 {
		s.flags |= flagTiming
		s.rttSeq, s.rttAt = seq, now
	}
}

// updateRTT is RFC 6298 §2.2 and §2.3, in microseconds.
func (s *Socket) updateRTT(d time.Duration) {
	m := uint32(max(1, min(d/time.Microsecond, 1<<28)))
	if s.srtt == 0 {
		s.srtt, s.rttvar = m, m/2
	} else {
		dev := int64(s.srtt) - int64(m)
		if dev < 0 {
			dev = -dev
		}
		s.rttvar = uint32((3*int64(s.rttvar) + dev) / 4)
		s.srtt = uint32((7*int64(s.srtt) + int64(m)) / 8)
	}
	s.backoff = 0 // only a round trip that is certain ends it (Karn; RFC 6298 §5)
}

// rttGranularity is G of RFC 6298: the clock of timestamps.
const rttGranularity = time.Millisecond

// synLostRTO is the timeout for data when the handshake gave no round trip because SYN was sent more than once (RFC 6298 §5.7).
const synLostRTO = 3 * time.Second

// baseRTO is the retransmission timeout without backoff (RFC 6298 §2).
func (s *Socket) baseRTO() time.Duration {
	low, high := s.cfg.minRTO(), s.cfg.maxRTO()
	var d time.Duration
	switch {
	case s.srtt != 0:
		d = micros(s.srtt) + max(rttGranularity, 4*micros(s.rttvar))
	case s.flags&flagTimedOut != 0 && s.state >= StateEstablished:
		d = synLostRTO
	default:
		d = s.cfg.initialRTO()
	}
	return max(low, min(d, high))
}

// timeout is the retransmission timeout with its exponential backoff (RFC 6298 §5.5), which the bound on it holds at a positive value.
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

func micros(us uint32) time.Duration { return time.Duration(us) * time.Microsecond }
