package tcp

// How large the buffers of one connection may be at present follows from what it does with them, within
// [Config].MaxRecvBuffer and MaxSendBuffer. None of it is memory that is held: that comes from the pool with the bytes.
// Where more than half of that is out, no buffer grows.

// sendWindows is how many congestion windows the send buffer holds at least: when the application is told to write on,
// at half of it, there is still something to send, so that it need not be quick.
const sendWindows = 3

// firstTuning stands for a round trip that was not measured, and leastTuning for one that is too short to be, in
// microseconds.
const (
	firstTuning = 100_000
	leastTuning = 100
)

// sendLimit is the most bytes that may be written and not acknowledged now: what the path has shown that it can use. It
// goes by doublings, as each larger one costs a copy of what is queued.
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

// recvTrips is how many round trips' worth the receive buffer holds at least: a peer in slow start has sent twice as
// much by the time that it hears of the window, and what it sends then, twice as much again, must find room. The window
// is not to be what limits it.
const recvTrips = 4

// tuneRecv makes the receive buffer recvTrips times as large as what the application takes in a round trip, by
// doublings. One that does not read gets no more.
func (s *Socket) tuneRecv(now Instant) {
	limit, most := s.recvLimit(), s.cfg.maxRecvBuffer()
	if limit >= most {
		return
	}
	rtt := max(s.srtt, leastTuning)
	if s.srtt == 0 {
		rtt = firstTuning
	}
	at := now.micros()
	elapsed := at - s.tunedAt
	if elapsed < rtt {
		return
	}
	read := s.rcvNxt.Add(-s.rcv.Len())
	taken := max(read.Sub(s.tunedFrom), 0)
	s.tunedAt, s.tunedFrom = at, read
	if s.env.memoryScarce() {
		return
	}
	for ; limit < most && recvTrips*uint64(taken)*uint64(rtt) > uint64(limit)*uint64(elapsed); limit = s.recvLimit() {
		s.recvTuned++
	}
}

// memoryScarce reports that more than half of the pool is out.
func (e *Env) memoryScarce() bool { return e.Pool.Out() > e.Pool.Limit()/2 }
