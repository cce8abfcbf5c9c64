package tcp

import "time"

// sampleRTT takes the round trip that seg's acknowledgement shows. A byte that was sent once is timed by our own clock;
// when what is acknowledged was sent again, the echoed timestamp still tells which sending was answered (RFC 6298 §3,
// RFC 7323 §4).
func (s *Socket) sampleRTT(now Instant, seg *Segment) {
	switch {
	case s.flags&flagTiming != 0 && s.rttSeq.Less(seg.Ack):
		s.flags &^= flagTiming
		s.updateRTT(now.Sub(s.rttAt))
	case s.flags&flagTS != 0 && seg.HasTS && seg.TSEcr != 0 && s.flags&flagTiming == 0:
		s.sampleTS(now, seg)
	}
}

// sampleTS takes it by the timestamp, for what was sent again and for that only: counted in milliseconds, the round
// trips of a short path are none.
func (s *Socket) sampleTS(now Instant, seg *Segment) {
	ms := s.tsVal(now) - seg.TSEcr
	if ms >= 1<<20 {
		return
	}
	rtt := time.Duration(ms) * time.Millisecond
	if s.tx != nil && len(s.tx.runs()) > 0 {
		r := &s.tx.runs()[0]
		if r.flags&runAgain == 0 {
			return
		}
		if int32(seg.TSEcr-s.tsVal(r.sentAt)) >= 0 { // the last sending was answered, of which we know better when that was
			rtt = max(r.sinceSent(now), s.tx.rack.minRTT)
		}
	}
	switch {
	case rtt > 0:
		s.updateRTT(rtt)
	case s.srtt == 0: // it is shorter than that
		s.updateRTT(rttGranularity)
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
}

func micros(us uint32) time.Duration { return time.Duration(us) * time.Microsecond }
