package tcp

import "time"

// bbrCycle is the cycle of ProbeBW: slower than the path to empty its queue (DOWN), as fast as it (CRUISE), and now and
// then faster, to see whether it has become wider (REFILL, UP) (draft-ietf-ccwg-bbr §5.3.3).
type bbrCycle struct {
	acks             bbrAcks
	probeSample      bool    // BBR.is_bw_probe_sample: ACKs are of what was sent in REFILL or UP
	tooHighBefore    bool    // BBR.prev_probe_too_high
	precautionary    bool    // BBR.prev_probe_precautionary
	upRounds         uint8   // BBR.bw_probe_up_rounds
	upAcked          uint32  // BBR.bw_probe_up_acked
	ackedPerInc      uint32  // BBR.probe_up_acked_per_inc
	roundsSinceProbe uint32  // BBR.rounds_since_probe_up
	cycleAt          Instant // BBR.cycle_stamp
	probeWait        time.Duration
	random           uint64
}

// bbrAcks is BBR.ack_phase: what ACKs tell of the probe.
type bbrAcks uint8

const (
	bbrAcksInit bbrAcks = iota
	bbrAcksRefilling
	bbrAcksStarting
	bbrAcksFeedback
	bbrAcksStopping
)

const (
	bbrProbeWaitLeast = 2 * time.Second
	bbrProbeWaitMore  = time.Second // at random, so that flows do not probe in step
	bbrRenoRounds     = 63
	bbrMaxUpRounds    = 30
)

func (b *bbrState) startDown() {
	b.resetSignals()
	b.ackedPerInc = unlimited
	b.pickWait()
	b.cycleAt = b.in.now
	b.acks = bbrAcksStopping
	b.startRound(b.in.delivered)
	b.phase = bbrDown
}

func (b *bbrState) startRefill() {
	b.resetShortTerm()
	b.upRounds, b.upAcked = 0, 0
	b.precautionary = false
	b.acks = bbrAcksRefilling
	b.startRound(b.in.delivered)
	b.phase = bbrRefill
}

func (b *bbrState) startUp() {
	b.acks = bbrAcksStarting
	b.startRound(b.in.delivered)
	b.resetFull(b.in.bw)
	b.phase = bbrUp
	b.raiseSlope()
}

// advanceCycle is UpdateProbeBWCyclePhase (§5.3.3.6).
func (b *bbrState) advanceCycle() {
	if !b.fullReached || b.adaptLongterm() || !b.inProbeBW() {
		return
	}
	switch b.phase {
	case bbrDown:
		if !b.probeIfDue() && b.mayCruise() {
			b.phase = bbrCruise
		}
	case bbrCruise:
		b.probeIfDue()
	case bbrRefill:
		if b.roundStart { // a round trip at the known rate, so that the probe starts from a full pipe
			b.probeSample = true
			b.startUp()
		}
	case bbrUp:
		if b.mustGoDown() {
			b.tooHighBefore = false
			b.startDown()
		}
	}
}

// mayCruise is IsTimeToCruise.
func (b *bbrState) mayCruise() bool {
	return b.in.inFlight <= b.withHeadroom() && b.in.inFlight <= b.inFlightFor(b.greatestBW(), 100)
}

// mustGoDown is IsTimeToGoDown.
func (b *bbrState) mustGoDown() bool {
	if b.tooHighBefore && b.in.prior+b.in.mss > b.longterm { // the last probe went too high: this one stays brief (§5.3.3.4.2)
		b.precautionary = true
		return true
	}
	if b.in.cwndBound && b.cwnd >= b.longterm {
		b.resetFull(b.in.bw) // it is our own bound that keeps the rate down
		return false
	}
	return b.fullNow
}

// probeIfDue is IsTimeToProbeBW (§5.3.3.5.3).
func (b *bbrState) probeIfDue() bool {
	if b.in.now <= b.cycleAt.Add(b.probeWait) && b.roundsSinceProbe < min(b.targetInFlight()/max(b.in.mss, 1), bbrRenoRounds) {
		return false
	}
	b.startRefill()
	return true
}

// pickWait is PickProbeWait (§5.3.3.5.3).
func (b *bbrState) pickWait() {
	r := b.nextRandom()
	b.roundsSinceProbe = uint32(r & 1)
	b.probeWait = bbrProbeWaitLeast + time.Duration(r>>1%uint64(bbrProbeWaitMore))
}

// nextRandom is enough to keep flows out of step: a step of SplitMix64 from a seed that differs from connection to
// connection.
func (c *bbrCycle) nextRandom() uint64 {
	c.random += 0x9e3779b97f4a7c15
	z := c.random
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// raiseSlope is RaiseInflightLongtermSlope: in each round of UP the bound rises by twice as many segments as in the one
// before.
func (b *bbrState) raiseSlope() {
	b.ackedPerInc = max(b.cwnd>>b.upRounds, b.in.mss, 1)
	b.upRounds = min(b.upRounds+1, bbrMaxUpRounds)
}

// raiseLongterm is ProbeInflightLongtermUpward.
func (b *bbrState) raiseLongterm() {
	if !b.in.cwndBound || b.cwnd < b.longterm {
		return
	}
	b.upAcked += b.in.acked
	if n := b.upAcked / b.ackedPerInc; n > 0 {
		b.upAcked -= n * b.ackedPerInc
		b.longterm = uint32(min(uint64(b.longterm)+uint64(n)*uint64(b.in.mss), maxCwnd))
	}
	if b.roundStart {
		b.raiseSlope()
	}
}

// adaptLongterm is AdaptLongTermModel. It reports whether it has changed the phase.
func (b *bbrState) adaptLongterm() bool {
	if b.acks == bbrAcksStarting && b.roundStart {
		b.acks = bbrAcksFeedback
	}
	if b.acks == bbrAcksStopping && b.roundStart {
		b.probeSample = false
		b.acks = bbrAcksInit
		if b.inProbeBW() {
			if !b.in.appLimited {
				b.advanceMaxBW()
			}
			if b.precautionary && !b.tooHighBefore { // the brief probe went well: a whole one, at once
				b.startRefill()
				return true
			}
		}
	}
	if b.tooHigh() || b.longterm == unlimited {
		return false
	}
	b.longterm = max(b.longterm, b.in.txInFlight)
	if b.phase == bbrUp {
		b.raiseLongterm()
	}
	return false
}
