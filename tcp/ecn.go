package tcp

// ECN says whether a connection uses explicit congestion notification (RFC 3168): routers mark segments in place of
// dropping them, the receiver tells, and the sender answers as it does to a loss.
type ECN uint8

const (
	ECNAccept  ECN = iota // when the peer asks for it: the default
	ECNRequest            // asked for, too, as long as the peer answers to that at once
	ECNOff                // never
)

// ect0 is the codepoint for what routers may mark (RFC 3168 §5).
const ect0 = 2

// ecn is the codepoint for the segment that Emit gave last. Only data that is sent for the first time may be marked
// (RFC 3168 §6.1.4 to §6.1.6).
func (s *Socket) ecn() uint8 {
	if s.flags&flagECT != 0 {
		return ect0
	}
	return 0
}

// asksECN reports whether our SYN, if it is sent now, asks for ECN: the first one does, others do not, as there are
// paths that swallow such SYNs (RFC 3168 §6.1.1.1).
func (s *Socket) asksECN() bool { return s.cfg.ECN == ECNRequest && s.sndMax == s.iss }

// agreeECN takes what the peer's SYN, or SYN+ACK, says of ECN (RFC 3168 §6.1.1).
func (s *Socket) agreeECN(seg *Segment) {
	told := seg.Flags & (ECE | CWR)
	switch {
	case s.cfg.ECN == ECNOff:
	case seg.Flags&ACK == 0 && told == ECE|CWR,
		seg.Flags&ACK != 0 && told == ECE && s.cfg.ECN == ECNRequest && s.flags&flagTimedOut == 0: // both flags would be our own, reflected
		s.flags |= flagECN
	}
}

// noteCE takes the mark of a segment with data, for all ACKs to tell until the peer says that it has heard of it (RFC
// 3168 §6.1.3).
func (s *Socket) noteCE(seg *Segment) {
	if s.flags&flagECN == 0 {
		return
	}
	if seg.Flags&CWR != 0 {
		s.flags &^= flagECE
	}
	if seg.CE {
		s.env.Stats.CEMarks++
		s.flags |= flagECE
	}
}

// echo gives the flag that every ACK has while a mark is to be told of.
func (s *Socket) echo() Flags {
	if s.flags&flagECE != 0 {
		return ECE
	}
	return 0
}

// fresh notes that data is sent for the first time, and gives the flag that the first such segment after a reduction of
// the window has (RFC 3168 §6.1.2).
func (s *Socket) fresh() (f Flags) {
	if s.flags&flagECN == 0 {
		return 0
	}
	if s.flags&flagCWR != 0 {
		f = CWR
	}
	s.flags = s.flags&^flagCWR | flagECT
	return f
}

// reduced: the window has been reduced, for whatever reason. What the peer tells of marks until it has heard that is
// answered for (RFC 3168 §6.1.2).
func (s *Socket) reduced() {
	if s.flags&flagECN != 0 {
		s.flags |= flagCWR
		s.tx.marked, s.tx.markEnd = true, s.sndNxt
	}
}

// echoed answers to a mark that seg tells of, once a round trip (RFC 3168 §6.1.2), after a loss in it not at all.
func (s *Socket) echoed(now Instant, seg *Segment) {
	tx := s.tx
	if s.flags&flagECN == 0 || tx == nil {
		return
	}
	tx.marked = tx.marked && seg.Ack.LessEq(tx.markEnd)
	if seg.Flags&ECE == 0 || tx.marked || s.flags&(flagRecovery|flagLoss) != 0 {
		return
	}
	s.env.Stats.ECNReductions++
	tx.undo.possible = false // this is no mistake, whatever becomes of a recovery before it
	s.reduced()
	s.congestion().mark(s, now)
}
