package tcp

// bbrFull finds out whether the pipe is full: whether a rising sending rate still makes the delivery rate rise
// (draft-ietf-ccwg-bbr §5.3.1.2).
type bbrFull struct {
	fullBW      uint64 // what growth is measured against
	drainStart  uint32 // the round in which Drain began
	fullReached bool   // BBR.full_bw_reached: it was once
	fullNow     bool   // BBR.full_bw_now: it is, since the last look began
	fullCount   uint8  // rounds without much growth
	lossRanges  uint8  // ranges held for lost in this round
}

const (
	bbrFullRounds   = 3
	bbrFullGrowth   = 125 // percent
	bbrFullLosses   = 6   // BBRStartupFullLossCnt
	bbrDrainRounds  = 3
	bbrMostLossSeen = 15
)

// resetFull begins a look, with bw as what is known.
func (f *bbrFull) resetFull(bw uint64) { f.fullBW, f.fullCount, f.fullNow = bw, 0, false }

// checkFull is CheckFullBWReached.
func (b *bbrState) checkFull() {
	if b.fullNow || !b.roundStart || b.in.appLimited || b.in.bw == 0 {
		return
	}
	if b.in.bw >= b.fullBW/100*bbrFullGrowth {
		b.resetFull(b.in.bw)
		return
	}
	b.fullCount++
	if b.fullNow = b.fullCount >= bbrFullRounds; b.fullNow {
		b.fullReached = true
	}
}

// checkStartupDone is CheckStartupDone (§5.3.1.1).
func (b *bbrState) checkStartupDone() {
	if b.phase == bbrStartup {
		b.checkStartupLoss()
	}
	if b.lossRoundStart {
		b.lossRanges = 0
	}
	if b.phase == bbrStartup && b.fullReached {
		b.phase = bbrDrain
		b.drainStart = b.roundCount
	}
}

// checkStartupLoss ends Startup when a whole round of recovery has lost too much, in too many places for it to be one
// burst (§5.3.1.3).
func (b *bbrState) checkStartupLoss() {
	if !b.in.recovery {
		return
	}
	if b.in.sack && (!b.lossRoundStart || b.lossRanges < bbrFullLosses || !b.tooHigh()) || !b.in.sack && b.in.lost == 0 {
		return
	}
	b.startupTooHigh()
}

// startupTooHigh ends Startup because the path holds no more.
func (b *bbrState) startupTooHigh() {
	b.undoPhase, b.undoable = bbrStartup, true
	b.fullReached = true
	b.longterm = max(b.bdp(b.bw, 100), b.latestInFlight)
}

// checkDrainDone is CheckDrainDone (§5.3.2).
func (b *bbrState) checkDrainDone() {
	if b.phase == bbrDrain && (b.in.inFlight <= b.inFlightFor(b.bw, 100) || b.roundCount-b.drainStart > bbrDrainRounds) {
		b.startDown()
	}
}
