package tcp

// promptACKs is how many segments are acknowledged at once, one by one, after a sign of loss. The peer has a small
// window then, perhaps of one segment: to wait for a second one may be to wait for its retransmission timer.
const promptACKs = 16

// ackSoon makes sure that the n bytes just taken are acknowledged: at once when two full segments are not (RFC 9293
// §3.8.6.3, MUST-58 and 59) or the peer is recovering, or else within [Config].AckDelay.
func (s *Socket) ackSoon(now Instant, n int) {
	s.rcvMSS = max(s.rcvMSS, uint16(min(n, 0xffff)))
	switch {
	case s.prompt > 0:
		s.prompt--
		s.ackNow()
	case s.unacked >= 2*uint32(s.rcvMSS):
		s.ackNow()
	case s.ackAt == Never:
		s.ackAt = now.Add(s.cfg.ackDelay())
		s.host.Wake()
	}
}

// ackNow makes Emit send an ACK, by itself if no data goes out.
func (s *Socket) ackNow() {
	s.flags |= flagAckNow
	s.host.Wake()
}

// ackExpired: an ACK has been delayed for long enough, or memory may have come back.
func (s *Socket) ackExpired() {
	s.ackAt = Never
	if s.unacked > 0 {
		s.rcvMSS = uint16(max(defaultMSS, min(uint32(s.rcvMSS), s.unacked/2))) // the segments may have become shorter; the next long one counts again
		s.ackNow()
	}
	if s.flags&flagWantMemory != 0 {
		s.flags &^= flagWantMemory | flagWantWrite
		s.host.Notify()
	}
}
