package tcp

// congestion decides how much may be outstanding, and how fast it leaves. loss.go and recovery.go tell it what has
// arrived and what was lost; in recovery it is PRR that moves cwnd, to the ssthresh that enterRecovery sets. An
// algorithm has no state but what stands in the Socket (cwnd and ssthresh, in bytes, which last) and in sender.cc
// (which an idle connection forgets).
type congestion interface {
	// open sets the initial window, when the handshake has told the segment size.
	open(s *Socket, now Instant)
	// acknowledged: something has arrived, reported by SACK or cumulatively, and recovery is not under way (after a
	// timeout it is slow start that makes the loss good), or the algorithm repairs.
	acknowledged(s *Socket, now Instant, a *ackSample)
	// repairs: the algorithm governs the window in recovery, too, instead of PRR.
	repairs() bool
	// lost: r is held for lost, now.
	lost(s *Socket, now Instant, r *run)
	// enterRecovery: a loss was found: set ssthresh.
	enterRecovery(s *Socket, now Instant)
	// leaveRecovery: all that was outstanding when the loss was found, or the timer expired, has arrived. After PRR
	// cwnd is ssthresh.
	leaveRecovery(s *Socket, now Instant)
	// timeout: the retransmission timer expired: set ssthresh, unless again: that was done for the same window of data
	// before. cwnd is set to one segment after it.
	timeout(s *Socket, now Instant, again bool)
	// mark: a router has marked something that arrived (RFC 3168), for the first time in a round trip; not while a loss
	// is repaired.
	mark(s *Socket, now Instant)
	// undo: it was no loss. cwnd and ssthresh are what they were before.
	undo(s *Socket, now Instant)
	// pacingRate is what may leave in a second, in bytes; 0: as much as the window permits, at once.
	pacingRate(s *Socket) uint64
	// idle: nothing was outstanding for a retransmission timeout. sender.cc is forgotten after it.
	idle(s *Socket, now Instant)
}

// Congestion names a congestion control algorithm.
type Congestion uint8

const (
	CUBIC   Congestion = iota // RFC 9438, with HyStart++ (RFC 9406): the default
	NewReno                   // RFC 5681
	BBR                       // BBRv3 (draft-ietf-ccwg-bbr)
)

// String gives the algorithm's name.
func (c Congestion) String() string {
	switch c {
	case CUBIC:
		return "CUBIC"
	case NewReno:
		return "NewReno"
	case BBR:
		return "BBR"
	}
	return "unknown"
}

// congestion gives the algorithm of s.
func (s *Socket) congestion() congestion {
	switch s.cfg.Congestion {
	case NewReno:
		return newReno{}
	case BBR:
		return bbr{}
	}
	return cubic{}
}

// maxCwnd bounds the congestion window: more can't be outstanding.
const maxCwnd = maxBuffer

// flightSize is what is outstanding (RFC 5681 §2).
func (s *Socket) flightSize() uint32 { return uint32(s.sndMax.Sub(s.sndUna)) }

// usedWindow is what was outstanding, before the ACK that tells of congestion, if it was one; or the window when that
// has become smaller meanwhile. It is what a response goes from (RFC 5681 §3.1, RFC 9438 §4.6).
func (s *Socket) usedWindow() uint32 { return min(max(s.flightSize(), uint32(s.tx.ack.prior)), s.cwnd) }

// firstWindow sets the initial window. When more than one SYN was lost it is one segment (RFC 6928 §2): the path is
// bad.
func (s *Socket) firstWindow() {
	s.cwnd = s.initialWindow()
	if s.retries > 1 {
		s.cwnd = uint32(s.mss)
	}
	s.ssthresh = maxCwnd
}

// windowBinds: the congestion window, and nothing else, keeps back what could be sent. ACKs of what is outstanding now
// may open it.
func (s *Socket) windowBinds(pipe int) {
	if s.tx != nil {
		s.tx.bound, s.tx.boundTo = true, s.tx.rate.delivered+uint32(pipe)
	}
}

// windowBound reports whether what has just arrived left when the window was full: otherwise nothing is known of a
// larger one (RFC 7661, RFC 9438 §5.8).
func (s *Socket) windowBound() bool {
	tx := s.tx
	if tx.bound && int32(tx.rate.delivered-tx.boundTo) > 0 {
		tx.bound = false
	}
	return tx.bound
}

// reduceNow answers to a congestion that was seen without a recovery: what is outstanding beyond the new window leaves
// no gap to fill.
func (s *Socket) reduceNow(now Instant) {
	cc := s.congestion()
	cc.enterRecovery(s, now)
	s.cwnd = min(s.cwnd, s.ssthresh)
	cc.leaveRecovery(s, now)
}

// mayGrow gives how many of the bytes that have arrived may open the window. All of them (RFC 3465): a peer that splits
// its ACKs gains nothing, one that answers a whole batch of a poll by a single ACK loses nothing. The bound that RFC
// 3465 §2.2 puts on one ACK is kept only while a timeout is made good without SACK, when ACKs leap over what had
// arrived before (§2.3). None when the window was not full, or in slow start half full.
func (s *Socket) mayGrow(a *ackSample) uint32 {
	prior, mss := uint32(a.prior), uint32(s.mss)
	bound := s.windowBound() || prior+mss > s.cwnd || s.cwnd < s.ssthresh && prior+mss >= s.cwnd/2
	switch {
	case !bound, !a.advances && s.flags&flagLoss == 0: // RFC 3042 §2: reports alone open no window
		return 0
	case s.flags&(flagLoss|flagSACK) == flagLoss:
		return min(uint32(a.delivered), mss)
	}
	return uint32(a.delivered)
}

// percent gives so many percent of n.
func percent(n uint32, p uint64) uint32 { return uint32(min(uint64(n)*p/100, maxCwnd)) }

// initialWindow is RFC 6928 §2.
func (s *Socket) initialWindow() uint32 {
	mss := uint32(s.mss)
	return min(10*mss, max(2*mss, 14600))
}

// restart is what most algorithms do after idle time: the window that was learned is no longer known to fit, so slow
// start goes up to it again (RFC 5681 §4.1); a good part of it is remembered (RFC 7661 §4.4.1).
func (s *Socket) restart() {
	s.ssthresh = max(s.ssthresh, s.cwnd/4*3)
	s.cwnd = min(s.cwnd, s.initialWindow())
}
