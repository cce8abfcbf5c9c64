package tcp

// This file decides what is lost: nothing else does. Three duplicate ACKs mean that the segment at sndUna is (RFC 5681 §3.2); in recovery an ACK
// that does not cover everything sent before means the same of the next one (RFC 6582 §3.2); a timeout means that everything outstanding is.
// What it finds stands in flagRexmit (one segment at sndUna) and sndNxt (everything from there on); output.go sends it.

const dupThresh = 3

// isDuplicate tells a duplicate ACK from other segments with the same number (RFC 5681 §2).
func (s *Socket) isDuplicate(seg *Segment) bool {
	return len(seg.Payload) == 0 && seg.Flags&FIN == 0 && s.sndUna != s.sndMax && uint32(seg.Window)<<s.sndWScale == s.sndWnd &&
		s.flags&flagPersist == 0
}

// duplicateACK takes a duplicate ACK.
func (s *Socket) duplicateACK() {
	s.env.Stats.DuplicateACKs++
	if s.dupAcks < 255 {
		s.dupAcks++
	}
	switch {
	case s.flags&flagRecovery != 0:
		s.congestion().duplicate(s)
	case s.dupAcks == dupThresh && s.recover.Less(s.sndUna): // RFC 6582 §3.2 step 2: not a second time for the same window
		s.env.Stats.FastRetransmits++
		s.flags |= flagRecovery | flagRexmit
		s.recover = s.sndMax
		s.congestion().enterRecovery(s)
	default:
		return
	}
	s.host.Wake()
}

// lossOnACK takes an ACK of acked new bytes, of which flight were outstanding before it. It reports whether the retransmission timer is to start
// anew.
func (s *Socket) lossOnACK(acked, flight int) bool {
	s.dupAcks = 0
	if s.flags&flagRecovery == 0 {
		s.congestion().acknowledged(s, acked, flight)
		if s.recover.Less(s.sndUna) {
			s.recover = s.sndUna - 1 // stays close behind, or it would seem to lie ahead after 2^31 bytes
		}
		return true
	}
	if s.sndUna.Less(s.recover) { // partial: the next hole begins at sndUna
		s.flags |= flagRexmit
		s.congestion().partial(s, acked)
		first := s.flags&flagPartial == 0
		s.flags |= flagPartial
		return first // RFC 6582 §3.2 step 3 and §4: Impatient
	}
	s.flags &^= flagRecovery | flagRexmit | flagPartial
	s.congestion().leaveRecovery(s)
	return true
}

// lossOnTimeout: all that is outstanding counts as lost, and is sent again from sndUna on.
func (s *Socket) lossOnTimeout() {
	s.env.Stats.Timeouts++
	s.congestion().timeout(s, s.retries > 0)
	s.flags &^= flagRecovery | flagRexmit | flagPartial | flagTiming // Karn: what was timed is ambiguous now
	s.recover = s.sndMax
	s.dupAcks = 0
	s.sndNxt = s.sndUna
}
