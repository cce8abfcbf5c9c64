package tcp

// This file decides what is lost: nothing else does. With SACK it is RACK's judgement (rack.go): what was sent a while
// before something that has arrived, and tail loss probes make sure that something does (tlp.go). Without SACK three
// duplicate ACKs mean that the segment at sndUna is lost (RFC 5681 §3.2), and in recovery an ACK that does not cover
// everything sent before means the same of the next one (RFC 6582 §3.2). A timeout means it of all that is not very
// young. What is found lost is marked in the flight; output.go sends it again.

const dupThresh = 3

// isDuplicate tells a duplicate ACK from other segments with the same number (RFC 5681 §2). With SACK it is one only
// when it reports something.
func (s *Socket) isDuplicate(seg *Segment) bool {
	return len(seg.Payload) == 0 && seg.Flags&FIN == 0 && s.sndUna != s.sndMax && uint32(seg.Window)<<s.sndWScale == s.sndWnd &&
		s.flags&flagPersist == 0
}

// popAcked takes what seg acknowledges cumulatively out of the flight.
func (s *Socket) popAcked(now Instant, seg *Segment) {
	for {
		r, ok := s.tx.popTo(seg.Ack)
		if !ok {
			return
		}
		if r.flags&runSacked == 0 {
			s.arrived(now, &r, seg)
		}
	}
}

// lossOnACK judges an ACK, after it has moved sndUna if it does.
func (s *Socket) lossOnACK(now Instant, seg *Segment) {
	tx := s.tx
	a := &tx.ack
	if s.flags&flagSACK != 0 {
		tx.rack.advanced(s.sndUna)
		s.takeSACK(now, seg)
		tx.rack.reordered = tx.rack.reordered || a.original
	} else {
		s.guess()
	}
	if a.advances && tx.recover.Less(s.sndUna) && s.flags&(flagRecovery|flagLoss) == 0 {
		tx.recover = s.sndUna - 1 // stays close behind, or it would seem to lie ahead after 2^31 bytes
		tx.undo.advanced(s.sndUna)
	}
	tx.rate.sample(a)
	s.probeOnACK(now, seg)
	switch inRecovery := s.flags&(flagRecovery|flagLoss) != 0; {
	case s.spurious(seg):
		s.takeBack(now)
	case inRecovery && tx.recover.LessEq(s.sndUna):
		s.recovered(now)
	}
	lost := 0
	switch {
	case s.flags&flagSACK == 0:
		lost = s.duplicatesDetect(now)
	case a.delivered > 0: // otherwise nothing is known that was not before; for time that has passed there is a timer
		lost = s.rackDetect(now)
	}
	if lost > 0 {
		s.lossFound(now, lost)
	}
	s.adjustWindow(now)
	if a.delivered > 0 || lost > 0 || a.duplicate {
		s.host.Wake()
	}
}

// lostNow counts a run that was just held for lost.
func (s *Socket) lostNow(now Instant, r *run) {
	s.tx.rate.lost += uint32(r.len())
	s.congestion().lost(s, now, r)
}

// duplicatesDetect judges without SACK, and gives how many bytes are newly missing.
func (s *Socket) duplicatesDetect(now Instant) int {
	tx := s.tx
	a := &tx.ack
	switch {
	case a.advances && s.flags&flagRecovery != 0: // partial: the next hole begins at sndUna (RFC 6582 §3.2 step 3)
	case a.duplicate && tx.dupAcks == dupThresh && s.flags&(flagRecovery|flagLoss) == 0 && tx.recover.Less(s.sndUna):
	default:
		return 0
	}
	return s.loseHead(now)
}

// loseHead holds the first segment of the flight for lost, if it does not count as lost already.
func (s *Socket) loseHead(now Instant) int {
	tx := s.tx
	if len(tx.runs()) == 0 {
		return 0
	}
	r := tx.runs()[0]
	if r.flags&(runSacked|runLost) == runSacked || r.missing() {
		return 0
	}
	if n := min(r.len(), int(s.mss)); n < r.len() {
		r.to = r.from.Add(n)
		r.flags = r.flags&^runResent | runLost
		if _, ok := tx.recast(0, r); ok {
			tx.low = r.from
			s.lostNow(now, &r)
			return n
		}
	}
	tx.lose(0)
	r = tx.runs()[0]
	s.lostNow(now, &r)
	return r.len()
}

// guess counts what duplicate ACKs tell of when the peer has no SACK: each one that a segment has arrived (RFC 6937 §3,
// DeliveredData), though not which.
func (s *Socket) guess() {
	tx := s.tx
	a := &tx.ack
	mss := int(s.mss)
	if !a.duplicate {
		if a.advances {
			tx.dupAcks = 0
			// What fills the hole acknowledges what the duplicates told of: that was counted as arrived already.
			known := min(tx.guessed, a.delivered, max(0, a.acked-mss))
			tx.guessed -= known
			a.delivered -= known
		}
		return
	}
	s.env.Stats.DuplicateACKs++
	if tx.dupAcks < 255 {
		tx.dupAcks++
	}
	if room := tx.flight.pipe() - tx.guessed - mss; room > 0 { // one at least has not arrived
		n := min(mss, room)
		tx.guessed += n
		a.delivered += n
	}
}

// lossOnTimeout: the retransmission timer expired. All that is outstanding counts as lost, but for what was sent so
// shortly ago that its ACK may be on its way (RFC 8985 §6.3), and is sent again as the window grows from one segment.
func (s *Socket) lossOnTimeout(now Instant) {
	s.env.Stats.Timeouts++
	tx := s.tx
	tx.ack = ackSample{prior: s.pipe()}
	s.saveUndo()
	rs := tx.runs()
	// A peer that has dropped what it had reported owes us an ACK of the first byte: nothing that it reported counts
	// any more (RFC 2018 §8).
	if len(rs) > 0 && rs[0].flags&runSacked != 0 {
		s.env.Stats.Reneges++
		tx.forgetSACK()
	}
	young := tx.rack.known && s.flags&flagSACK != 0
	for i := range rs {
		r := &rs[i]
		if r.flags&runSacked != 0 || r.missing() || young && i > 0 && r.sentAt.Add(tx.rack.rtt+s.reoWindow()) > now {
			continue
		}
		if tx.lose(i); r.flags&runPathProbe != 0 { // RFC 4821 §7.6.3
			r.flags &^= runPathProbe
			s.pathProbeLost(now, true)
		}
		s.lostNow(now, r)
	}
	tx.guessed, tx.dupAcks = 0, 0
	tx.probe, tx.probing = false, false
	answered := s.retries > 0 || s.flags&flagRecovery != 0 // by a smaller threshold: once for a window of data, however it is lost
	tx.recover = s.sndMax
	s.flags = s.flags&^(flagRecovery|flagTiming) | flagLoss // Karn: what was timed is ambiguous now
	s.reduced()
	s.congestion().timeout(s, now, answered)
	s.cwnd = uint32(min(s.pipe()+int(s.mss), maxCwnd))
	tx.impatient = false
}
