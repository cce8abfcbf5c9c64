package tcp

import "time"

// cubic is RFC 9438: after a loss the window rises fast to what it was then, stays there for a while, and goes on to
// look for more, by the clock and not by the round trip. HyStart++ ends its first slow start. [Congestion] CUBIC.
type cubic struct{}

// cubicState is what CUBIC knows of one connection.
type cubicState struct {
	cubicCurve
	hystart hyStart
	seenAt  Instant // of the last ACK
}

// cubicCurve is where on its curve the window is. It is what a recovery that was none restores (RFC 9438 §4.9).
type cubicCurve struct {
	t       time.Duration // since this congestion avoidance began, times in which the window was not used taken off (RFC 9438 §5.8)
	k       uint32        // milliseconds to the plateau
	wMax    uint32        // the plateau
	prior   uint32        // cwnd_prior: cwnd when it was last reduced, or when the first slow start ended
	wEst    uint32        // W_est: what Reno would have (§4.3)
	acked   uint32        // bytes acknowledged since that grew
	started bool          // in congestion avoidance: t runs
	lost    bool          // it was fast recovery that ended the curve before
}

const (
	cubicBeta     = 70 // percent of the window that a loss leaves (RFC 9438 §4.6)
	cubicConverge = 85 // percent that a smaller wMax than the one before is lowered to: (1+β)/2 (§4.7)

	cubicAlphaNum, cubicAlphaDen = 9, 17 // α = 3(1-β)/(1+β) (§4.3)
)

func (cubic) open(s *Socket, _ Instant) { s.firstWindow() }

func (cubic) acknowledged(s *Socket, now Instant, a *ackSample) {
	c := &s.tx.cc.cubic
	since := now.Sub(max(c.seenAt, s.tx.busyAt))
	c.seenAt = now
	bytes := s.mayGrow(a)
	if s.cwnd < s.ssthresh {
		bytes = c.slowStart(s, a, bytes)
	}
	if bytes == 0 || s.cwnd < s.ssthresh {
		return
	}
	if !c.started {
		c.start(s.cwnd, uint32(s.mss))
	} else {
		c.t += since
	}
	s.cwnd = c.window(s.cwnd, uint32(s.mss), bytes, micros(s.srtt))
}

// slowStart opens the window up to the threshold, and gives how many bytes are left for congestion avoidance. The first
// slow start has no threshold: HyStart++ finds one (RFC 9438 §4.10).
func (c *cubicState) slowStart(s *Socket, a *ackSample, bytes uint32) (left uint32) {
	growth := bytes
	if s.ssthresh == maxCwnd && s.flags&flagLoss == 0 && a.hasRun {
		done := c.hystart.acknowledged(a.rtt, s.tx.rate.delivered, a.priorDelivered)
		growth = c.hystart.growth(bytes)
		if done {
			s.ssthresh = s.cwnd
			c.cubicCurve = cubicCurve{prior: s.cwnd}
			return bytes
		}
	}
	step := min(growth, s.ssthresh-s.cwnd)
	s.cwnd += step
	return growth - step
}

// start begins congestion avoidance. After a fast recovery the curve leads back to wMax; after a timeout, idle time or
// a slow start that HyStart++ ended its plateau is here (RFC 9438 §4.2, §4.8, §4.10).
func (c *cubicCurve) start(cwnd, mss uint32) {
	c.started, c.t, c.acked, c.wEst = true, 0, 0, cwnd
	if !c.lost || c.wMax < cwnd {
		c.wMax = cwnd
	}
	c.k = cubicK(c.wMax, cwnd, mss)
}

// window gives the congestion window after an ACK of bytes in congestion avoidance (RFC 9438 §4.2 to §4.5).
func (c *cubicCurve) window(cwnd, mss, bytes uint32, rtt time.Duration) uint32 {
	c.estimate(cwnd, mss, bytes)
	if cubicWindow(c.t, c.k, c.wMax, mss) < c.wEst { // Reno would be faster (§4.3)
		return min(max(cwnd, c.wEst), maxCwnd)
	}
	target := uint64(cubicWindow(c.t+rtt, c.k, c.wMax, mss))
	target = max(uint64(cwnd), min(target, uint64(cwnd)*3/2))
	return uint32(min(uint64(cwnd)+(target-uint64(cwnd))*uint64(bytes)/uint64(cwnd), maxCwnd))
}

// estimate lets W_est grow by α segments for each window that is acknowledged, by a whole one as soon as it has reached
// the former window (RFC 9438 §4.3).
func (c *cubicCurve) estimate(cwnd, mss, bytes uint32) {
	c.acked += min(bytes, maxCwnd)
	for range bytes/mss + 1 {
		need := uint64(cwnd)
		if c.wEst < c.prior {
			need = need * cubicAlphaDen / cubicAlphaNum
		}
		if uint64(c.acked) < need {
			return
		}
		c.acked -= uint32(need)
		c.wEst = min(c.wEst+mss, maxCwnd)
	}
}

// reduce sets the threshold, and remembers where the window was (RFC 9438 §4.6, §4.7).
func (c *cubicCurve) reduce(s *Socket) {
	wMax := s.cwnd
	if wMax < c.wMax { // it was less than the time before: others need room, too
		wMax = percent(wMax, cubicConverge)
	}
	*c = cubicCurve{wMax: wMax, prior: s.cwnd}
	s.ssthresh = max(percent(s.usedWindow(), cubicBeta), 2*uint32(s.mss))
}

func (cubic) enterRecovery(s *Socket, _ Instant) {
	c := &s.tx.cc.cubic
	c.reduce(s)
	c.lost = true
}

func (cubic) leaveRecovery(*Socket, Instant) {}

// timeout reduces once for a segment, however often it is sent again (RFC 9438 §4.8).
func (cubic) timeout(s *Socket, _ Instant, again bool) {
	if !again {
		s.tx.cc.cubic.reduce(s)
	}
}

func (cubic) undo(s *Socket, _ Instant) { s.tx.cc.cubic.cubicCurve = s.tx.undo.curve }

func (cubic) idle(s *Socket, _ Instant) { s.restart() }

func (cubic) repairs() bool { return false }

func (cubic) lost(*Socket, Instant, *run) {}

func (cubic) pacingRate(s *Socket) uint64 { return s.steadyRate() }

// mark is answered like a loss (RFC 3168 §6.1.2).
func (cubic) mark(s *Socket, now Instant) { s.reduceNow(now) }
