package tcp

// undo is what a response to loss needs to be taken back when it turns out that nothing was lost.
type undo struct {
	possible       bool
	begun          bool // something was sent again
	cwnd, ssthresh uint32
	curve          cubicCurve
	resentAt       Instant // of the first retransmission, if that was of the oldest segment outstanding; or Never
	resends        int     // retransmissions whose duplicates the peer has not reported yet
	from, to       Seq     // they lie within
}

// saveUndo keeps the figures, before a response to loss changes them. What a recovery saved stays when its
// retransmissions time out.
func (s *Socket) saveUndo() {
	u := &s.tx.undo
	if !u.possible || s.flags&(flagRecovery|flagLoss) == 0 {
		*u = undo{possible: true, cwnd: s.cwnd, ssthresh: s.ssthresh, curve: s.tx.cc.cubic.cubicCurve, resentAt: Never, from: s.sndUna, to: s.sndUna}
		if s.tx.probing && s.tx.reprobe { // a duplicate of that may be reported yet, too
			u.resends, u.to = 1, s.tx.probeEnd
		}
	}
}

// resent notes a retransmission that ends with end, oldest telling that it is of the oldest segment outstanding: the
// next ACK that advances answers that one. When the first is of another, what arrives before it may have been sent
// again earlier, by a recovery that is over: its timestamp tells nothing of this one.
func (u *undo) resent(now Instant, end Seq, oldest bool) {
	if !u.possible {
		return
	}
	if !u.begun && oldest {
		u.resentAt = now
	}
	u.begun = true
	u.resends++
	u.to = maxSeq(u.to, end)
}

// reported takes the report of a duplicate, of one segment of mss or several. It tells whether each retransmission has
// had one by now: all were for nothing (RFC 3708 §3). The network has its own duplicates, and probes make some: what
// lies elsewhere than the retransmissions does not count.
func (u *undo) reported(twice seqRange, mss int) bool {
	if u.resends == 0 || twice.from.Less(u.from) || u.to.Less(twice.to) {
		return false
	}
	u.resends = max(0, u.resends-(twice.to.Sub(twice.from)+mss-1)/mss)
	return u.resends == 0
}

// advanced: all before una has arrived, and no recovery is under way. Long after one nothing may be taken for a
// duplicate of it.
func (u *undo) advanced(una Seq) { u.possible = u.possible && una.Sub(u.to) < maxBuffer }

// spurious reports whether the ACK being processed shows that the retransmissions were not needed: it acknowledges for
// the first time what was sent again, with a timestamp from before (Eifel detection, RFC 3522 §3.2), or the peer has
// now reported a duplicate for each of them (RFC 3708).
func (s *Socket) spurious(seg *Segment) bool {
	tx := s.tx
	u := &tx.undo
	if !u.possible {
		return false
	}
	if tx.ack.dsack && u.reported(tx.ack.twice, int(s.mss)) {
		return true
	}
	return tx.ack.advances && u.resentAt != Never && s.flags&(flagRecovery|flagLoss) != 0 && s.flags&flagTS != 0 && seg.HasTS && seg.TSEcr != 0 && int32(seg.TSEcr-s.tsVal(u.resentAt)) < 0
}

// takeBack ends a recovery that was none: what is still held for lost is not, and the window is what it was (RFC 4015
// §3.2).
func (s *Socket) takeBack(now Instant) {
	tx := s.tx
	s.env.Stats.SpuriousRecoveries++
	tx.undo.possible = false
	s.cwnd = max(s.cwnd, tx.undo.cwnd)
	s.ssthresh = max(s.ssthresh, tx.undo.ssthresh)
	s.congestion().undo(s, now)
	tx.restore()
	s.endRecovery()
	tx.rack.reordered = true // it was late, not lost
}
