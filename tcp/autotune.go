package tcp

import "time"

// How large the buffers of one connection may be at present follows from what it does with them, within [Config].MaxRecvBuffer and MaxSendBuffer. None of it is memory
// that is held: that comes from the pool with the bytes. Where more than half of that is out, no buffer grows.

// sendWindows is how many congestion windows the send buffer holds at least: when the application is told to write on, at half of it, there is still something to send,
// so that it need not be quick.
const sendWindows = 3

// firstTuning stands for a round trip that was not measured, and leastTuning for one that is too short to be.
const (
	firstTuning = 100 * time.Millisecond
	leastTuning = 100 * time.Microsecond
)

// sendLimit is the most bytes that may be written and not acknowledged now: what the path has shown that it can use. It goes by doublings, as each larger one costs a
// copy of what is queued.
func (s *Socket) sendLimit() int {
	least, most := s.cfg.sendBuffer(), s.cfg.maxSendBuffer()
	if least >= most || s.env.memoryScarce() {
		return least
	}
	limit, want := least, min(sendWindows*uint64(s.cwnd), uint64(most))
	for uint64(limit) < want {
		limit *= 2
	}
	return min(limit, most)
}

// recvLimit is the most bytes that may be received and not read now.
func (s *Socket) recvLimit() int {
	return min(s.cfg.recvBuffer()<<s.recvTuned, s.cfg.maxRecvBuffer())
}

// tuneRecv doubles the receive buffer when the application has taken more than half of it in a round trip: with the next one the peer may want to send twice as
// much, and the window must not be what limits it. One that does not read gets no more.
func (s *Socket) tuneRecv(now Instant) {
	limit := s.recvLimit()
	if limit >= s.cfg.maxRecvBuffer() {
		return
	}
	rtt := max(micros(s.srtt), leastTuning)
	if s.srtt == 0 {
		rtt = firstTuning
	}
	at := now.micros()
	elapsed := time.Duration(at-s.tunedAt) * time.Microsecond
	if elapsed < rtt {
		return
	}
	read := s.rcvNxt.Add(-s.rcv.Len())
	taken := max(read.Sub(s.tunedFrom), 0)
	s.tunedAt, s.tunedFrom = at, read
	if uint64(taken)*uint64(rtt) > uint64(limit/2)*uint64(elapsed) && !s.env.memoryScarce() {
		s.recvTuned++
	}
}

// memoryScarce reports that more than half of the pool is out.
func (e *Env) memoryScarce() bool { return e.Pool.Out() > e.Pool.Limit()/2 }
