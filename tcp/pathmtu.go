package tcp

// Outstanding reports whether a segment with that sequence number may be on its way: an ICMP error that quotes another
// was made up by somebody who sees none of our segments (RFC 5927 §4.1).
func (s *Socket) Outstanding(seq Seq) bool {
	switch s.state {
	case StateClosed, StateListen, StateTimeWait:
		return false
	}
	return !seq.Less(s.sndUna) && seq.Less(s.sndMax)
}

// PathNarrowed says that segments with a payload of more than mss bytes, without options, do not get through (RFC 1191
// §6.4, RFC 8201 §5.4). What is outstanding is cut anew and sent again at once; it is no sign of congestion. mss is
// raised to the least that there is; one that is not below the present one changes nothing.
func (s *Socket) PathNarrowed(now Instant, mss int) {
	mss = max(mss, minMSS)
	s.pathMSS = uint16(min(int(s.pathMSS), mss))
	if s.flags&flagTS != 0 {
		mss -= tsLen
	}
	if s.mss == 0 || mss >= int(s.mss) { // before the peer's SYN: pathMSS counts then
		return
	}
	s.mss = uint16(mss)
	if s.tx != nil {
		s.tx.path = pathSearch{on: true}
	}
	if s.tx != nil && s.sndUna != s.sndNxt {
		s.tx.loseAll()
		s.tx.recover = s.sndMax
		s.tx.undo.possible = false
		s.flags = s.flags&^(flagRecovery|flagTiming) | flagLoss
		s.restartRTO(now)
	}
	s.host.Wake()
}
