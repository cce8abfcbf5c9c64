package tcp

// How much BBR lets be in flight (draft-ietf-ccwg-bbr §5.6.4).

// bdp is BBR.bdp times a gain in percent (§5.6.4.2).
func (b *bbrState) bdp(bw uint64, gain uint64) uint32 {
	if b.minRTT == 0 {
		return b.initial
	}
	return uint32(min(min(volume(bw, b.minRTT), maxCwnd)*gain/100, maxCwnd))
}

// quantized is QuantizationBudget: enough for what aggregates on its way through both hosts.
func (b *bbrState) quantized(inFlight uint32) uint32 {
	mss := b.in.mss
	quantum := max(min(b.pacing/1000, bbrMaxQuantum), 2*uint64(mss)) // C.send_quantum (§5.6.3)
	inFlight = max(inFlight, uint32(bbrOffloadUses*quantum), bbrMinPipe*mss)
	if b.phase == bbrUp {
		inFlight += 2 * mss
	}
	return min(inFlight, maxCwnd)
}

// inFlightFor is Inflight: what keeps the path full at that rate and gain in percent.
func (b *bbrState) inFlightFor(bw, gain uint64) uint32 { return b.quantized(b.bdp(bw, gain)) }

// targetInFlight is TargetInflight (§5.3.3.5.3).
func (b *bbrState) targetInFlight() uint32 { return min(b.bdp(b.bw, 100), b.cwnd) }

// setCwnd is SetCwnd (§5.6.4.6).
func (b *bbrState) setCwnd() {
	most := b.quantized(min(b.bdp(b.bw, bbrGains[b.phase].cwnd)+b.extra(), maxCwnd))
	switch {
	case b.fullReached:
		b.cwnd = min(b.cwnd+b.in.acked, most)
	case b.cwnd < most || b.in.delivered < b.initial:
		b.cwnd += b.in.acked
	}
	b.cwnd = min(max(b.cwnd, bbrMinPipe*b.in.mss), maxCwnd)
	if b.phase == bbrProbeRTT {
		b.cwnd = min(b.cwnd, b.restCwnd())
	}
	b.boundCwnd()
}

// boundCwnd is BoundCwndForModel (§5.6.4.7).
func (b *bbrState) boundCwnd() {
	most := uint32(unlimited)
	switch {
	case b.phase == bbrProbeRTT || b.phase == bbrCruise:
		most = b.withHeadroom()
	case b.inProbeBW():
		most = b.longterm
	}
	most = max(min(most, b.shortterm), bbrMinPipe*b.in.mss)
	b.cwnd = min(b.cwnd, most)
}

// withHeadroom is InflightWithHeadroom: it leaves room in the bottleneck's queue for others (§5.3.3.6).
func (b *bbrState) withHeadroom() uint32 {
	if b.longterm == unlimited {
		return unlimited
	}
	headroom := max(b.in.mss, percent(b.longterm, bbrHeadroom))
	return max(b.longterm-min(headroom, b.longterm), bbrMinPipe*b.in.mss)
}

// saveCwnd and restoreCwnd remember the window over what cuts it for a time (§5.6.4.4).
func (b *bbrState) saveCwnd(cut bool) {
	if cut || b.phase == bbrProbeRTT {
		b.priorCwnd = max(b.priorCwnd, b.cwnd)
	} else {
		b.priorCwnd = b.cwnd
	}
}

func (b *bbrState) restoreCwnd() { b.cwnd = max(b.cwnd, b.priorCwnd) }
