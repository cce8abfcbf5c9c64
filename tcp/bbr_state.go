package tcp

import "time"

// bbrState is what BBR knows of one connection. It is plain arithmetic on what one ACK tells: bbrInput in, cwnd and
// pacing rate out.
type bbrState struct {
	in      bbrInput
	cwnd    uint32 // C.cwnd, bytes
	pacing  uint64 // C.pacing_rate, bytes a second
	phase   bbrPhase
	started bool
	busyAt  Instant // sender.busyAt that was seen last
	limit   bool    // the sender is to count as limited by its application (MarkConnectionAppLimited, §5.3.4.3)

	bbrModel
	bbrFull
	bbrCycle
	bbrRest
	bbrBounds

	priorCwnd uint32 // BBR.prior_cwnd: the last one that neither recovery nor ProbeRTT had cut
	initial   uint32 // C.InitialCwnd
}

// bbrInput is what one ACK tells (§2.2 and §2.3).
type bbrInput struct {
	now       Instant
	mss       uint32
	delivered uint32 // C.delivered; wraps, as all counts of delivered bytes do
	inFlight  uint32 // C.inflight, after the ACK
	prior     uint32 // and before it
	acked     uint32 // RS.newly_acked
	recovery  bool   // fast recovery is under way
	sack      bool   // C.has_selective_acks
	cwndBound bool   // C.is_cwnd_limited

	// The rate sample, when sampled.
	sampled        bool
	appLimited     bool
	bw             uint64 // RS.delivery_rate; 0: none that can be relied on
	rateDelivered  uint32 // RS.delivered
	priorDelivered uint32
	txInFlight     uint32        // RS.tx_in_flight
	lost           uint32        // RS.lost
	rtt            time.Duration // RS.rtt; 0: none
}

// bbrPhase is a state of BBR's state machine (§5.1).
//
//	Startup --pipe full--> Drain --queue gone--> ProbeBW: DOWN -> CRUISE -> REFILL -> UP -> DOWN ...
//
// and from any of them to ProbeRTT, when the round trip has to be measured anew, and back.
type bbrPhase uint8

const (
	bbrStartup bbrPhase = iota
	bbrDrain
	bbrDown
	bbrCruise
	bbrRefill
	bbrUp
	bbrProbeRTT
)

// bbrGains are the gains of each phase, in percent (§5.6.1).
var bbrGains = [...]struct{ pacing, cwnd uint64 }{
	bbrStartup:  {277, 200},
	bbrDrain:    {50, 200},
	bbrDown:     {90, 200},
	bbrCruise:   {100, 200},
	bbrRefill:   {100, 200},
	bbrUp:       {125, 225},
	bbrProbeRTT: {100, 50},
}

const (
	bbrMargin      = 1  // BBR.PacingMarginPercent
	bbrLossThresh  = 2  // BBR.LossThresh, percent
	bbrBeta        = 70 // BBR.Beta, percent
	bbrHeadroom    = 15 // BBR.Headroom, percent
	bbrMinPipe     = 4  // BBR.MinPipeCwnd, segments
	bbrMaxQuantum  = 64 << 10
	bbrOffloadUses = 3 // quanta in the offload budget (§5.5.8)
)

// init begins with the window cwnd; srtt is 0 when no round trip was measured yet (§5.2.1). bw is not 0 when the path's
// rate is known of an earlier time: BBR restarts with what it knows (§5.4.1).
func (b *bbrState) init(now Instant, cwnd, initial uint32, srtt time.Duration, bw, seed uint64) {
	*b = bbrState{started: true, cwnd: cwnd, initial: initial, in: bbrInput{now: now}}
	b.minRTT, b.minRTTAt = srtt, now
	b.restAt = now
	b.extraSince = now
	b.longterm = unlimited
	b.ackedPerInc = unlimited
	b.random = seed
	b.resetShortTerm()
	if bw > 0 {
		b.maxBW[1], b.bw, b.fullReached = bw, bw, true
		b.idleRestart = true
		b.startDown()
		b.phase = bbrCruise
		b.setPacing(100)
		return
	}
	rtt := srtt
	if rtt == 0 {
		rtt = bbrFirstRTT
	}
	b.pacing = rateOf(initial, rtt) * bbrGains[bbrStartup].pacing / 100 // InitPacingRate (§5.6.2)
}

// update takes an ACK (§5.2.3).
func (b *bbrState) update(in bbrInput) {
	b.in = in
	b.limit = false
	b.latestSignals()
	b.congestionSignals()
	b.updateAggregation()
	b.checkFull()
	b.checkStartupDone()
	b.checkDrainDone()
	b.advanceCycle()
	b.updateMinRTT()
	b.checkProbeRTT()
	b.advanceLatest()
	b.boundBW()
	b.setPacing(bbrGains[b.phase].pacing)
	b.setCwnd()
}

// boundBW is BoundBWForModel (§5.5.10.3).
func (b *bbrState) boundBW() { b.bw = min(b.greatestBW(), b.bwShortterm) }

// setPacing is §5.6.2, with the gain in percent. Until the pipe is known to be full the rate only rises.
func (b *bbrState) setPacing(gain uint64) {
	rate := b.bw * gain / 100 * (100 - bbrMargin) / 100
	if rate > 0 && b.fullReached || rate > b.pacing {
		b.pacing = rate
	}
}

// inProbeBW is IsInAProbeBWState.
func (b *bbrState) inProbeBW() bool { return b.phase >= bbrDown && b.phase <= bbrUp }

// probing is IsProbingBW: more is sent than is known to be delivered.
func (b *bbrState) probing() bool {
	return b.phase == bbrStartup || b.phase == bbrRefill || b.phase == bbrUp
}
