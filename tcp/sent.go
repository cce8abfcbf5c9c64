package tcp

// sent accounts for a segment with n bytes, and FIN if fin, that was emitted at seq.
func (s *Socket) sent(now Instant, seq Seq, n int, fin bool) {
	s.env.Stats.BytesOut += uint64(n)
	end := seq.Add(n)
	if fin {
		end++
	}
	if seq.Less(s.sndMax) {
		s.env.Stats.Retransmits++
		s.flags &^= flagTiming // Karn's rule (RFC 6298 §3)
	} else {
		if s.sndUna == s.sndMax {
			s.progress = now // the peer owes us something from now on
		}
		s.startTiming(now, seq)
	}
	windowProbe := s.flags&(flagForce|flagPersist) == flagForce|flagPersist
	s.flags &^= flagForce
	if windowProbe { // its byte counts as sent only when it is acknowledged
		s.sndMax = maxSeq(s.sndMax, end)
		if s.rtxAt == Never {
			s.startTimer(now)
		}
		return
	}
	if s.flags&flagPersist != 0 { // the timer is that of retransmission from now on
		s.flags &^= flagPersist
		s.rtxAt = Never
	}
	s.outstanding(now, seq, end)
}

// outstanding puts what was sent into the flight, and starts the timers that wait for its ACK.
func (s *Socket) outstanding(now Instant, seq, end Seq) {
	tx := s.sending()
	r := run{from: seq, to: end, flags: tx.path.flag(seq)}
	pipe := s.pipe()
	if pipe == 0 {
		tx.busyAt, tx.wasIdle = now, tx.rate.limited
	}
	tx.rate.stamp(now, &r, pipe, r.len())
	tx.pacer.sent(r.len())
	if s.flags&flagRecovery != 0 {
		tx.prr.out += uint32(r.len())
	}
	again := seq.Less(s.sndNxt)
	if again {
		tx.resend(seq, end, r)
		if s.flags&(flagRecovery|flagLoss) != 0 {
			tx.undo.resent(now, end, seq == s.sndUna)
		}
	} else {
		tx.push(r)
		s.noteShort(r.len(), end)
		s.sndNxt = end
		s.sndMax = maxSeq(s.sndMax, end)
	}
	if tx.rtoAt == Never || again && s.flags&flagRecovery != 0 {
		s.restartRTO(now) // RFC 6298 §5.1; RFC 6675 §6: what is sent again in recovery has the time of a round trip, too
	} else {
		s.armProbe(now)
		s.schedule()
	}
}
