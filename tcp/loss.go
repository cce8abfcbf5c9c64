package tcp

// This file decides what is lost: nothing else does. Three duplicate ACKs mean that the segment at sndUna is (RFC 5681 §3.2); in recovery an ACK
// that does not cover everything sent before means the same of the next one (RFC 6582 §3.2); a timeout means that everything outstanding is.

const dupThresh = 3

// duplicateACK takes a duplicate ACK.
func (s *Socket) duplicateACK() {
	if s.dupAcks < 255 {
		s.dupAcks++
	}
	switch {
	case s.flags&flagRecovery != 0:
		s.recoveryDuplicate()
	case s.dupAcks == dupThresh && s.recover.Less(s.sndUna): // RFC 6582 §3.2 step 2: not a second time for the same window
		s.env.Stats.FastRetransmits++
		s.flags |= flagRecovery | flagRexmit
		s.recover = s.sndMax
		s.enterRecovery()
	default:
		return
	}
	s.host.Wake()
}

// lossOnACK takes an ACK of acked new bytes, of which flight were outstanding before it.
func (s *Socket) lossOnACK(acked, flight int) {
	s.dupAcks = 0
	if s.flags&flagRecovery == 0 {
		s.grow(acked, flight)
		return
	}
	if s.sndUna.Less(s.recover) { // partial: the next hole begins at sndUna
		s.flags |= flagRexmit
		s.recoveryPartial(acked)
		return
	}
	s.flags &^= flagRecovery | flagRexmit
	s.leaveRecovery()
}

// lossOnTimeout: all that is outstanding counts as lost, and is sent again from sndUna on.
func (s *Socket) lossOnTimeout() {
	s.env.Stats.Timeouts++
	s.collapse(s.backoff == 0)
	s.flags &^= flagRecovery | flagRexmit | flagTiming // Karn: what was timed is ambiguous now
	s.recover = s.sndMax
	s.dupAcks = 0
	s.sndNxt = s.sndUna
}
