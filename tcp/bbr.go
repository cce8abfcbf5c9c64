package tcp

import "time"

// bbr is BBRv3 (draft-ietf-ccwg-bbr): it sends as fast as the path has been seen to deliver, keeps in flight what the
// empty path holds, and looks now and then whether that has changed. [Congestion] BBR. Here it is tied to the Socket;
// what it knows is in [bbrState].
type bbr struct{}

// bbrRateUnit is what a connection without a sender keeps its rate in, in the place of ssthresh, which BBR does not
// need: bytes a second.
const bbrRateUnit = 1000

func (bbr) open(s *Socket, _ Instant) { s.firstWindow() }

func (bbr) repairs() bool { return true }

// model gives what is known of the path, as of now.
func (bbr) model(s *Socket, now Instant) *bbrState {
	tx := s.tx
	b := &tx.cc.bbr
	if !b.started {
		seed := uint64(s.iss)<<32 | uint64(s.localPort)<<16 | uint64(s.remotePort)
		b.init(now, s.cwnd, s.initialWindow(), micros(s.srtt), s.bbrRate(), seed)
		s.ssthresh = maxCwnd
	}
	b.cwnd = s.cwnd
	if tx.busyAt != b.busyAt {
		if b.busyAt = tx.busyAt; tx.wasIdle {
			b.restartFromIdle(tx.busyAt)
		}
	}
	return b
}

// bbrRate is the rate that was known when the connection became idle; 0: none.
func (s *Socket) bbrRate() uint64 {
	if s.ssthresh == maxCwnd {
		return 0
	}
	return uint64(s.ssthresh) * bbrRateUnit
}

func (c bbr) acknowledged(s *Socket, now Instant, a *ackSample) {
	b := c.model(s, now)
	tx := s.tx
	in := bbrInput{
		now: now, mss: uint32(s.mss), delivered: tx.rate.delivered, inFlight: uint32(s.pipe()), prior: uint32(a.prior), acked: uint32(a.delivered),
		recovery: s.flags&flagRecovery != 0, sack: s.flags&flagSACK != 0, cwndBound: s.windowBound(), rtt: a.rtt,
	}
	if a.hasRun {
		in.sampled, in.appLimited, in.rateDelivered, in.priorDelivered = true, a.rateLimited, a.rateDelivered, a.priorDelivered
		in.txInFlight, in.lost = a.txInFlight, tx.rate.lost-a.newest.lostBefore
		if a.rateInterval >= tx.rack.minRTT { // otherwise it is not reliable (§4.1.2.3)
			in.bw = rateOf(a.rateDelivered, a.rateInterval)
		}
	}
	b.update(in)
	s.cwnd = b.cwnd
	if b.limit {
		tx.rate.limitedAt(s.pipe())
	}
}

// lost is HandleLostPacket for one run: what left in one go.
func (c bbr) lost(s *Socket, now Instant, r *run) {
	b := c.model(s, now)
	b.in.now, b.in.mss, b.in.delivered, b.in.sack = now, uint32(s.mss), s.tx.rate.delivered, s.flags&flagSACK != 0
	b.in.recovery = s.flags&(flagRecovery|flagLoss) != 0
	b.lost(uint32(r.len()), r.inFlight, s.tx.rate.lost-r.lostBefore, r.flags&runLimited != 0)
}

// enterRecovery is OnEnterFastRecovery (§5.6.4.4); the loss that it begins with has been noted.
func (c bbr) enterRecovery(s *Socket, now Instant) { c.model(s, now).saveCwnd(false) }

func (c bbr) leaveRecovery(s *Socket, now Instant) {
	b := c.model(s, now)
	b.restoreCwnd()
	s.cwnd = b.cwnd
}

// timeout is OnEnterRTO (§5.6.4.4).
func (c bbr) timeout(s *Socket, now Instant, again bool) { c.model(s, now).saveUndo(again) }

func (c bbr) undo(s *Socket, now Instant) {
	b := c.model(s, now)
	b.in.now, b.in.delivered = now, s.tx.rate.delivered
	b.takeBack()
	s.cwnd = b.cwnd
}

// pacingRate is what the last ACK set, or, when there was none yet, InitPacingRate; from idle it is the path's
// (§5.4.1).
func (bbr) pacingRate(s *Socket) uint64 {
	b := &s.tx.cc.bbr
	switch known := s.bbrRate(); {
	case b.started && b.inProbeBW() && s.tx.rate.limited && s.pipe() == 0:
		return b.bw / 100 * (100 - bbrMargin)
	case b.started:
		return b.pacing
	case known > 0:
		return known / 100 * (100 - bbrMargin)
	}
	return rateOf(s.initialWindow(), micros(s.srtt)) * bbrGains[bbrStartup].pacing / 100
}

// idle keeps the window and the rate: BBR goes on where it was (§5.4.1).
func (bbr) idle(s *Socket, _ Instant) {
	b := &s.tx.cc.bbr
	if !b.started || !b.fullReached || b.bw == 0 {
		s.restart()
		return
	}
	if b.phase == bbrProbeRTT {
		s.cwnd = max(s.cwnd, b.priorCwnd)
	}
	s.ssthresh = uint32(max(1, min(b.bw/bbrRateUnit, maxCwnd-1)))
}

// bbrFirstRTT stands for the round trip that was not measured yet (§5.6.2).
const bbrFirstRTT = time.Millisecond

func (c bbr) mark(s *Socket, now Instant) {
	b := c.model(s, now)
	b.in.now, b.in.mss, b.in.delivered = now, uint32(s.mss), s.tx.rate.delivered
	b.in.txInFlight, b.in.appLimited = uint32(s.tx.ack.prior), s.tx.ack.rateLimited
	b.mark()
}
