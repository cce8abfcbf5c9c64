package tcp

// bbrBounds is what losses have taught: how much the path holds in the long term, found by probing, and what it
// delivers in the short term, while others crowd it (draft-ietf-ccwg-bbr §5.5.10).
type bbrBounds struct {
	longterm    uint32 // BBR.inflight_longterm
	shortterm   uint32 // BBR.inflight_shortterm
	bwShortterm uint64 // BBR.bw_shortterm

	latestBW       uint64 // BBR.bw_latest
	latestInFlight uint32 // BBR.inflight_latest
	lossRoundEnd   uint32 // BBR.loss_round_delivered
	lossRoundStart bool
	lossInRound    bool

	// What a recovery that turns out to be none is taken back to (§5.5.11).
	undoable        bool // undoPhase was left because of it
	undoPhase       bbrPhase
	undoBWShortterm uint64
	undoShortterm   uint32
	undoLongterm    uint32
}

// resetShortTerm is ResetShortTermModel.
func (b *bbrBounds) resetShortTerm() { b.bwShortterm, b.shortterm = unlimitedBW, unlimited }

// resetSignals is ResetCongestionSignals.
func (b *bbrBounds) resetSignals() { b.lossInRound, b.latestBW, b.latestInFlight = false, 0, 0 }

// latestSignals is UpdateLatestDeliverySignals.
func (b *bbrState) latestSignals() {
	b.latestBW = max(b.latestBW, b.in.bw)
	b.latestInFlight = max(b.latestInFlight, b.in.rateDelivered)
	if b.lossRoundStart = b.in.sampled && int32(b.in.priorDelivered-b.lossRoundEnd) >= 0; b.lossRoundStart {
		b.lossRoundEnd = b.in.delivered
	}
}

// advanceLatest is AdvanceLatestDeliverySignals.
func (b *bbrState) advanceLatest() {
	if b.lossRoundStart {
		b.latestBW, b.latestInFlight = b.in.bw, b.in.rateDelivered
	}
}

// congestionSignals is UpdateCongestionSignals: at the end of a round trip with losses, in which nothing was probed
// for, the short-term bounds come down to what was delivered in it, by three tenths at most.
func (b *bbrState) congestionSignals() {
	b.updateMaxBW()
	if !b.lossRoundStart {
		return
	}
	if b.lossInRound && !b.probing() {
		if b.bwShortterm == unlimitedBW {
			b.bwShortterm = b.greatestBW()
		}
		if b.shortterm == unlimited {
			b.shortterm = b.cwnd
		}
		b.bwShortterm = max(b.latestBW, b.bwShortterm*bbrBeta/100)
		b.shortterm = max(b.latestInFlight, percent(b.shortterm, bbrBeta))
	}
	b.lossInRound = false
}

// tooHigh is IsInflightTooHigh.
func (b *bbrState) tooHigh() bool {
	return uint64(b.in.lost)*100 > uint64(b.in.txInFlight)*bbrLossThresh || b.in.lost > 0 && !b.in.sack
}

// noteLoss is NoteLoss.
func (b *bbrState) noteLoss() {
	if !b.lossInRound {
		b.lossRoundEnd = b.in.delivered
		b.saveUndo(b.in.recovery)
	}
	b.lossInRound = true
}

// lost is HandleLostPacket: size bytes are held for lost that left with txInFlight bytes in flight, themselves
// included; lost bytes in all, they included, have been held for lost since then.
func (b *bbrState) lost(size, txInFlight, lost uint32, appLimited bool) {
	b.noteLoss()
	b.lossRanges = min(b.lossRanges+1, bbrMostLossSeen)
	if !b.probeSample {
		return
	}
	b.in.txInFlight, b.in.lost, b.in.appLimited = txInFlight, lost, appLimited
	if b.tooHigh() {
		b.in.txInFlight = inFlightAtLoss(size, txInFlight, lost)
		b.handleTooHigh()
	}
}

// inFlightAtLoss is InflightAtLoss: how much was in flight when, within the lost piece, losses became too many.
func inFlightAtLoss(size, txInFlight, lost uint32) uint32 {
	before := int64(txInFlight) - int64(size)
	lostBefore := int64(lost) - int64(size)
	prefix := (bbrLossThresh*before - 100*lostBefore) / (100 - bbrLossThresh)
	return uint32(max(0, min(before+prefix, maxCwnd)))
}

// handleTooHigh is HandleInflightTooHigh.
func (b *bbrState) handleTooHigh() {
	b.tooHighBefore = true
	b.probeSample = false
	if !b.in.appLimited {
		b.longterm = max(b.in.txInFlight, percent(b.targetInFlight(), bbrBeta))
	}
	if b.phase == bbrUp {
		b.undoPhase, b.undoable = bbrUp, true
		b.startDown()
	}
}

// mark answers to congestion that a router has marked (RFC 3168) as to a loss in this round; while BBR probes, as to
// too much of it.
func (b *bbrState) mark() {
	b.noteLoss()
	switch {
	case b.phase == bbrStartup:
		b.startupTooHigh()
	case b.probeSample:
		b.handleTooHigh()
	}
}

// saveUndo is SaveStateUponLoss; cut tells that recovery had cut the window before.
func (b *bbrState) saveUndo(cut bool) {
	b.saveCwnd(cut)
	b.undoable = false
	b.undoBWShortterm, b.undoShortterm, b.undoLongterm = b.bwShortterm, b.shortterm, b.longterm
}

// takeBack is HandleSpuriousLossDetection (§5.5.11.2).
func (b *bbrState) takeBack() {
	b.restoreCwnd()
	b.lossInRound = false
	b.resetFull(0)
	b.bwShortterm = max(b.bwShortterm, b.undoBWShortterm)
	b.shortterm = max(b.shortterm, b.undoShortterm)
	b.longterm = max(b.longterm, b.undoLongterm)
	switch {
	case !b.undoable:
	case b.undoPhase == bbrStartup && b.phase != bbrStartup:
		b.fullReached = false
		if b.phase != bbrProbeRTT {
			b.phase = bbrStartup
		}
	case b.undoPhase == bbrUp && b.phase != bbrUp && b.phase != bbrProbeRTT:
		b.startRefill()
	}
	b.undoable = false
}
