package tcp

// newReno is slow start and congestion avoidance of RFC 5681, with the window during recovery of RFC 6582.
type newReno struct{}

// open sets the initial window of RFC 6928 §2. When more than one SYN was lost it is one segment: the path is bad.
func (newReno) open(s *Socket) {
	mss := uint32(s.mss)
	s.cwnd = min(10*mss, max(2*mss, 14600))
	if s.retries > 1 {
		s.cwnd = mss
	}
	s.ssthresh = maxCwnd
}

// acknowledged opens the window, if it was the window that limited what was outstanding. Slow start adds all the bytes that were acknowledged (RFC 3465):
// a peer that splits its ACKs gains nothing, one that answers a whole batch of a poll by a single ACK loses nothing. The bound that RFC 3465 §2.2 puts
// on one ACK is kept only while a timeout is made good, when ACKs leap over what had arrived before (§2.3).
func (newReno) acknowledged(s *Socket, bytes, flight int) {
	mss := uint32(s.mss)
	if uint32(flight)+mss < s.cwnd/2 {
		return
	}
	if s.cwnd < s.ssthresh {
		if s.sndUna.Less(s.recover) {
			bytes = min(bytes, int(mss))
		}
		step := min(uint32(bytes), s.ssthresh-s.cwnd) // what is more counts as congestion avoidance
		s.cwnd += step
		bytes -= int(step)
	}
	s.acked += uint32(bytes)
	if s.acked >= s.cwnd { // one segment a round trip (RFC 5681 §3.1)
		s.acked -= s.cwnd
		s.cwnd = min(s.cwnd+mss, maxCwnd)
	}
}

// halve sets the threshold for what was lost (RFC 5681 §3.1, equation 4).
func (newReno) halve(s *Socket) { s.ssthresh = max(s.flightSize()/2, 2*uint32(s.mss)) }

// enterRecovery is RFC 5681 §3.2 steps 2 and 3.
func (r newReno) enterRecovery(s *Socket) {
	r.halve(s)
	s.cwnd = s.ssthresh + dupThresh*uint32(s.mss)
}

// duplicate: another segment has left the network (RFC 5681 §3.2 step 4). The window never exceeds what a window of segments that all left
// would give, whatever a peer makes up.
func (newReno) duplicate(s *Socket) {
	s.cwnd = min(s.cwnd+uint32(s.mss), s.ssthresh+s.flightSize()+uint32(s.mss))
}

// partial deflates the window by what was acknowledged, and adds one segment back (RFC 6582 §3.2 step 3).
func (newReno) partial(s *Socket, bytes int) {
	mss := uint32(s.mss)
	s.cwnd -= min(uint32(bytes), s.cwnd)
	if uint32(bytes) >= mss {
		s.cwnd += mss
	}
	s.cwnd = max(s.cwnd, mss)
}

// leaveRecovery is RFC 6582 §3.2 step 3, full acknowledgement, option 1: no burst.
func (newReno) leaveRecovery(s *Socket) {
	mss := uint32(s.mss)
	s.cwnd = min(s.ssthresh, max(s.flightSize(), mss)+mss)
	s.acked = 0
}

// timeout leaves one segment (RFC 5681 §3.1). The threshold is set once for a segment, however often it is sent again.
func (r newReno) timeout(s *Socket, again bool) {
	if !again {
		r.halve(s)
	}
	s.cwnd = uint32(s.mss)
	s.acked = 0
}
