package tcp

// Congestion control: slow start and congestion avoidance of RFC 5681, the window during recovery of RFC 6582. What is lost is decided in loss.go.

// maxCwnd bounds the congestion window: more can't be outstanding.
const maxCwnd = maxBuffer

// initCwnd is RFC 6928 §2.
func (s *Socket) initCwnd() {
	mss := uint32(s.mss)
	s.cwnd = min(10*mss, max(2*mss, 14600))
	s.ssthresh = maxCwnd
	s.recover = s.iss
}

// appropriateByteCount bounds the growth that one ACK brings in slow start, in segments (RFC 3465 §2.2 has 2; a receiver that answers a whole
// batch by one ACK would starve on it).
const appropriateByteCount = 16

// grow opens the window for acked bytes, if it was the window that limited what was outstanding.
func (s *Socket) grow(acked, flight int) {
	mss := uint32(s.mss)
	if uint32(flight)+mss < s.cwnd/2 {
		return
	}
	if s.cwnd < s.ssthresh {
		s.cwnd = min(s.cwnd+min(uint32(acked), appropriateByteCount*mss), maxCwnd)
		return
	}
	s.acked += uint32(acked)
	if s.acked >= s.cwnd { // one segment a round trip (RFC 5681 §3.1)
		s.acked -= s.cwnd
		s.cwnd = min(s.cwnd+mss, maxCwnd)
	}
}

// flightSize is what is outstanding.
func (s *Socket) flightSize() uint32 { return uint32(s.sndMax.Sub(s.sndUna)) }

func (s *Socket) halve() { s.ssthresh = max(s.flightSize()/2, 2*uint32(s.mss)) } // RFC 5681 §3.1 (4)

// enterRecovery is RFC 5681 §3.2 steps 2 and 3.
func (s *Socket) enterRecovery() {
	s.halve()
	s.cwnd = s.ssthresh + dupThresh*uint32(s.mss)
}

// recoveryDuplicate: another segment has left the network (RFC 5681 §3.2 step 4).
func (s *Socket) recoveryDuplicate() { s.cwnd = min(s.cwnd+uint32(s.mss), maxCwnd) }

// recoveryPartial deflates the window by what was acknowledged, and adds one segment back (RFC 6582 §3.2 step 3).
func (s *Socket) recoveryPartial(acked int) {
	mss := uint32(s.mss)
	s.cwnd -= min(uint32(acked), s.cwnd)
	if uint32(acked) >= mss {
		s.cwnd += mss
	}
	s.cwnd = max(s.cwnd, mss)
}

// leaveRecovery is RFC 6582 §3.2 step 3, full acknowledgement, option 1: no burst.
func (s *Socket) leaveRecovery() {
	mss := uint32(s.mss)
	s.cwnd = min(s.ssthresh, max(s.flightSize(), mss)+mss)
	s.acked = 0
}

// collapse is the window after a timeout (RFC 5681 §3.1). first: of this segment.
func (s *Socket) collapse(first bool) {
	if first {
		s.halve()
	}
	s.cwnd = uint32(s.mss)
	s.acked = 0
}
