package tcp

import "time"

// sender is what a connection has to know of what it sends, while anything is outstanding and for one retransmission
// timeout after that. Idle connections have none.
type sender struct {
	flight
	rate rate
	rack rack
	prr  prr
	undo undo
	cc   ccState
	ack  ackSample // of the ACK that is being processed

	recover   Seq // recovery ends when sndUna has reached it
	dupAcks   uint8
	guessed   int  // for a peer without SACK: bytes that its duplicate ACKs tell of
	impatient bool // a partial ACK has restarted the timer (RFC 6582 §4)

	bound   bool   // the congestion window was full, when what counts as delivered up to boundTo was outstanding
	boundTo uint32 // as rate.delivered
	marked  bool   // the window was reduced when markEnd was next to be sent
	markEnd Seq
	busyAt  Instant // when something was last sent with nothing outstanding
	wasIdle bool    // because the application had nothing to send
	short   bool    // a short segment may be out, for Nagle's rule:
	shortTo Seq     // it ends here

	// Timers, [Never] when they do not run. Socket.rtxAt is the earliest of them.
	rtoAt   Instant // retransmission (RFC 6298)
	probeAt Instant // tail loss probe (RFC 8985 §7)
	rackAt  Instant // something is held for lost unless it is reported until then (RFC 8985 §6.2)
	quietAt Instant // nothing was outstanding for a retransmission timeout
	paceAt  Instant // what pacing holds back may leave

	pacer pacer
	path  pathSearch

	probe    bool // a tail loss probe is to be sent
	probing  bool // and one was, up to probeEnd
	probeEnd Seq
	reprobe  bool // it was a retransmission
}

// ccState holds the figures of the congestion control algorithms.
type ccState struct {
	acked uint32 // NewReno: bytes acknowledged since cwnd last grew, in congestion avoidance
	cubic cubicState
	bbr   bbrState
}

// maxFreeSenders and maxKeptRuns bound what is kept for reuse.
const (
	maxFreeSenders = 256
	maxKeptRuns    = 128
)

func (e *Env) getSender() *sender {
	if n := len(e.freeSenders); n > 0 {
		tx := e.freeSenders[n-1]
		e.freeSenders = e.freeSenders[:n-1]
		return tx
	}
	tx := &sender{}
	tx.reset()
	return tx
}

func (e *Env) putSender(tx *sender) {
	if len(e.freeSenders) < maxFreeSenders {
		tx.reset()
		e.freeSenders = append(e.freeSenders, tx)
	}
}

func (tx *sender) reset() {
	buf := tx.buf
	if cap(buf) > maxKeptRuns {
		buf = nil
	}
	*tx = sender{flight: flight{buf: buf[:0]}, rtoAt: Never, probeAt: Never, rackAt: Never, quietAt: Never, paceAt: Never}
}

// sending gives s its sender.
func (s *Socket) sending() *sender {
	if s.tx == nil {
		s.tx = s.env.getSender()
		s.tx.recover = s.sndUna - 1
		s.tx.path.on = s.pathMSS < s.peerMSS
		s.tx.pacer.afresh(int(s.initialWindow()))
		s.tx.limit = s.cfg.maxSendBuffer() / runSpacing
	}
	return s.tx
}

// dropSender ends what is known of what was sent.
func (s *Socket) dropSender() {
	if s.tx != nil {
		s.env.putSender(s.tx)
		s.tx = nil
	}
	s.flags &^= flagRecovery | flagLoss
}

// pipe is how many bytes are thought to be on their way (RFC 6675 §4).
func (s *Socket) pipe() int {
	if s.tx == nil {
		return 0
	}
	return max(0, s.tx.flight.pipe()-s.tx.guessed)
}

// schedule sets rtxAt to the earliest of the sender's timers.
func (s *Socket) schedule() {
	if s.flags&flagPersist != 0 {
		return
	}
	tx := s.tx
	s.rtxAt = min(tx.rtoAt, tx.probeAt, tx.rackAt, tx.quietAt, tx.paceAt)
}

// restartRTO is RFC 6298 §5.3. The timer comes no later than the end of all patience.
func (s *Socket) restartRTO(now Instant) {
	s.tx.rtoAt = min(now.Add(s.timeout()), s.patience())
	s.tx.quietAt = Never
	s.armProbe(now)
	s.schedule()
}

// allAcked: nothing is outstanding. After a retransmission timeout of that what was learned of the path is taken back
// (RFC 5681 §4.1).
func (s *Socket) allAcked(now Instant) {
	tx := s.tx
	tx.rtoAt, tx.probeAt, tx.rackAt = Never, Never, Never
	tx.quietAt = now.Add(s.timeout())
	s.schedule()
}

// senderExpired runs the sender's timers that are due.
func (s *Socket) senderExpired(now Instant) {
	tx := s.tx
	if tx.quietAt <= now && tx.paceAt != Never {
		tx.quietAt = now.Add(s.timeout())
	}
	if tx.paceAt <= now {
		tx.paceAt = Never
		tx.pacer.came(now)
		s.host.Wake()
	}
	switch {
	case tx.rtoAt <= now && tx.probeAt > now:
		s.retransmitExpired(now)
		return
	case tx.quietAt <= now:
		s.congestion().idle(s, now)
		s.dropSender()
		return
	}
	if tx.rackAt <= now {
		tx.rackAt = Never
		s.rackExpired(now)
	}
	if tx.probeAt <= now {
		tx.probeAt = Never
		s.probeExpired(now)
	}
	if s.tx == nil { // patience has ended: the host has slept for long
		return
	}
	s.schedule()
}

// sinceSent gives how long ago r was sent.
func (r *run) sinceSent(now Instant) time.Duration { return now.Sub(r.sentAt) }
