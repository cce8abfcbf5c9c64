package tcp

import "time"

// bbrRest measures the round trip of the empty path: when no ACK has shown one as short for five seconds, little is
// sent for a moment (ProbeRTT, draft-ietf-ccwg-bbr §5.3.4).
type bbrRest struct {
	minRTTAt    Instant       // BBR.min_rtt_stamp
	restRTT     time.Duration // BBR.probe_rtt_min_delay; 0: none
	restAt      Instant       // BBR.probe_rtt_min_stamp
	restExpired bool
	restDone    Instant // BBR.probe_rtt_done_stamp; 0: little enough is not in flight yet
	restRound   bool    // BBR.probe_rtt_round_done
	idleRestart bool    // BBR.idle_restart
}

const (
	bbrMinRTTWindow = 10 * time.Second // BBR.MinRTTFilterLen
	bbrRestEvery    = 5 * time.Second  // BBR.ProbeRTTInterval
	bbrRestFor      = 200 * time.Millisecond
	bbrRestSlack    = 64 // of a round trip: what is no longer than that counts as short. The draft has none: it would rest where nobody has to
)

// updateMinRTT is UpdateMinRTT.
func (b *bbrState) updateMinRTT() {
	now, rtt := b.in.now, b.in.rtt
	b.restExpired = now > b.restAt.Add(bbrRestEvery)
	switch {
	case rtt == 0:
	case b.restRTT == 0 || rtt < b.restRTT || b.restExpired:
		b.restRTT, b.restAt = rtt, now
	case rtt <= b.restRTT+b.restRTT/bbrRestSlack: // the queue is empty by itself, which is all that ProbeRTT is for
		b.restAt = now
	}
	if b.restRTT > 0 && (b.minRTT == 0 || b.restRTT < b.minRTT || now > b.minRTTAt.Add(bbrMinRTTWindow)) {
		b.minRTT, b.minRTTAt = b.restRTT, b.restAt
	}
}

// restCwnd is ProbeRTTCwnd (§5.6.4.5).
func (b *bbrState) restCwnd() uint32 {
	return max(b.bdp(b.bw, bbrGains[bbrProbeRTT].cwnd), bbrMinPipe*b.in.mss)
}

// checkProbeRTT is CheckProbeRTT.
func (b *bbrState) checkProbeRTT() {
	if b.phase != bbrProbeRTT && b.restExpired && !b.idleRestart {
		b.saveCwnd(b.in.recovery)
		b.phase = bbrProbeRTT
		b.restDone = 0
		b.acks = bbrAcksStopping
		b.startRound(b.in.delivered)
	}
	if b.phase == bbrProbeRTT {
		b.rest()
	}
	if b.in.rateDelivered > 0 {
		b.idleRestart = false
	}
}

// rest is HandleProbeRTT: so little in flight for 200 ms and a round trip.
func (b *bbrState) rest() {
	b.limit = true // the low rates that follow are our own doing
	switch {
	case b.restDone != 0:
		b.restRound = b.restRound || b.roundStart
		if b.restRound {
			b.checkRestDone(b.in.now)
		}
	case b.in.inFlight <= b.restCwnd():
		b.restDone = max(b.in.now.Add(bbrRestFor), 1)
		b.restRound = false
		b.startRound(b.in.delivered)
	}
}

// checkRestDone is CheckProbeRTTDone, and ExitProbeRTT.
func (b *bbrState) checkRestDone(now Instant) {
	if b.restDone == 0 || now <= b.restDone {
		return
	}
	b.restAt = now // the next one comes five seconds from here
	b.restoreCwnd()
	b.resetShortTerm()
	if !b.fullReached {
		b.phase = bbrStartup
		return
	}
	b.startDown()
	b.phase = bbrCruise // the queue is empty already
}

// restartFromIdle is HandleRestartFromIdle (§5.4.1): nothing is in flight, because the application had nothing to send,
// and now something leaves.
func (b *bbrState) restartFromIdle(now Instant) {
	b.in.now = now
	b.idleRestart = true
	b.extraSince, b.extraDelivered = now, 0
	switch {
	case b.inProbeBW():
		b.setPacing(100)
	case b.phase == bbrProbeRTT:
		b.checkRestDone(now)
	}
}
