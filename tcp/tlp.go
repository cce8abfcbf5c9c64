package tcp

import "time"

// Tail loss probes (RFC 8985 §7): when the last of what was sent is lost nothing follows whose arrival would show it.
// After two round trips without an ACK the last segment, or a new one, is sent, and its ACK tells what is missing, long
// before the retransmission timer would collapse the window.

// peerAckDelay is how long the peer may hold back its ACK of a single segment (RFC 8985 §7.2, TLP.max_ack_delay).
const peerAckDelay = 200 * time.Millisecond

// fullWindowDelay is how long the peer may hold back its ACK of what has filled its window, until its application
// reads. RFC 8985 has no such time; Linux takes it: what moves no right edge is acknowledged by the timer of delayed
// ACKs, 40 ms, however much it is.
const fullWindowDelay = 40 * time.Millisecond

// armProbe sets the probe's timer after new data was sent or acknowledged (RFC 8985 §7.2).
func (s *Socket) armProbe(now Instant) {
	tx := s.tx
	tx.probeAt = Never
	if s.flags&(flagSACK|flagRecovery|flagLoss|flagPersist) != flagSACK || tx.sacked > 0 || tx.probing || s.sndUna == s.sndMax || s.retries > 0 {
		return
	}
	wait := time.Second
	if s.srtt != 0 {
		wait = 2 * micros(s.srtt)
		switch out := s.sndMax.Sub(s.sndUna); {
		case out <= int(s.mss):
			wait += peerAckDelay
		case out+int(s.mss) > int(s.sndWnd):
			wait += fullWindowDelay
		}
	}
	tx.probeAt = min(now.Add(max(wait, rttGranularity)), tx.rtoAt)
}

// probeExpired makes Emit send a probe (RFC 8985 §7.3). The retransmission timer begins anew with it.
func (s *Socket) probeExpired(now Instant) {
	tx := s.tx
	if s.givenUp(now, s.retries) {
		return
	}
	s.env.Stats.TailProbes++
	tx.probe = true
	tx.rtoAt = min(now.Add(s.timeout()), s.patience())
	s.host.Wake()
}

// probeSegment gives what a probe sends: new data if the peer's window permits it, whatever the congestion window says,
// or the last of what is outstanding, or the first where the window does not reach to the last.
func (s *Socket) probeSegment() (seq Seq, n int, fin bool) {
	mss := s.segmentSize()
	out := s.sndNxt.Sub(s.sndUna)
	if unsent := s.snd.Len() - out; unsent > 0 && int(s.sndWnd)-out >= min(unsent, mss) {
		n = min(unsent, mss)
		return s.sndNxt, n, s.flags&flagFIN != 0 && n == unsent && n < int(s.sndWnd)-out
	}
	end := s.sndNxt
	if s.flags&flagFIN != 0 && s.finSeq().Less(end) {
		end, fin = end-1, true
	}
	n = min(mss, end.Sub(s.sndUna))
	if n > 0 && int(s.sndWnd) < out { // the peer has taken its window back, and would drop what lies beyond it (RFC 9293 §3.8.6)
		return s.sndUna, n, false
	}
	return end.Add(-n), n, fin
}

// probeSent notes a probe.
func (tx *sender) probeSent(end Seq, again bool) {
	tx.probe, tx.probing, tx.reprobe, tx.probeEnd = false, true, again, end
	tx.probeAt = Never
}

// probeOnACK is RFC 8985 §7.4: a probe that was a retransmission may have repaired a loss that nothing else shows, and
// a loss is a sign of congestion.
func (s *Socket) probeOnACK(now Instant, seg *Segment) {
	tx := s.tx
	a := &tx.ack
	if !tx.probing || seg.Ack.Less(tx.probeEnd) {
		return
	}
	switch {
	case !tx.reprobe, a.dsack: // a new segment; or both arrived
		tx.probing = false
	case tx.probeEnd.Less(seg.Ack):
		tx.probing = false
		s.reduced()
		s.reduceNow(now)
	case !a.advances && len(seg.SACK) == 0 && a.duplicate: // its ACK, and that of the original
		tx.probing = false
	}
}
