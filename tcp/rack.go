package tcp

import "time"

// rack is what RACK (RFC 8985 §5.2) knows: of all that has arrived, which was sent last, and how much later than that
// one the rest may come.
type rack struct {
	sentAt Instant // RACK.xmit_ts
	endSeq Seq     // RACK.end_seq
	rtt    time.Duration
	fack   Seq // the highest number that has arrived
	known  bool

	minRTT   time.Duration // 0: not measured
	minRTTAt Instant

	reordered bool  // arrival out of order was seen
	mult      uint8 // RACK.reo_wnd_mult: quarters of minRTT to wait
	persist   uint8 // recoveries that it stays above 1 for
	inRound   bool  // a duplicate was reported in the round trip that ends with
	round     Seq   // RACK.dsack_round
}

const (
	minRTTWindow = 5 * time.Minute // the path may have become a longer one since
	reoPersist   = 16              // RFC 8985 §6.2 step 4
	maxReoMult   = 255
)

// heard takes a round trip for the least one.
func (k *rack) heard(now Instant, rtt time.Duration) {
	if k.minRTT == 0 || rtt <= k.minRTT || now.Sub(k.minRTTAt) > minRTTWindow {
		k.minRTT, k.minRTTAt = max(rtt, 1), now
	}
}

// rackArrived takes a run that is known to have arrived (RFC 8985 §6.2 steps 1 and 2), by the ACK that tells so.
func (s *Socket) rackArrived(now Instant, r *run, seg *Segment) {
	k := &s.tx.rack
	rtt := r.sinceSent(now)
	if r.flags&runAgain != 0 {
		// Which of its sendings arrived? Not the last one, when the ACK echoes an earlier time or comes sooner than any
		// ever did.
		if s.flags&flagTS != 0 && seg.HasTS && int32(seg.TSEcr-s.tsVal(r.sentAt)) < 0 || rtt < k.minRTT {
			return
		}
	} else {
		s.tx.ack.rtt = max(rtt, 1)
		if k.known && r.to.Less(k.fack) {
			s.tx.ack.original = true // step 3: later data came earlier
		}
	}
	k.heard(now, rtt)
	if !k.known || r.sentAt > k.sentAt || r.sentAt == k.sentAt && k.endSeq.Less(r.to) {
		k.sentAt, k.endSeq, k.rtt = r.sentAt, r.to, rtt
	}
	if !k.known || k.fack.Less(r.to) {
		k.fack = r.to
	}
	k.known = true
}

// rackDSACK widens the window for reordering, once a round trip, when the peer has received something twice (RFC 8985
// §6.2 step 4).
func (s *Socket) rackDSACK() {
	k := &s.tx.rack
	if k.inRound {
		return
	}
	k.inRound, k.round = true, s.sndNxt
	k.mult = uint8(min(int(max(k.mult, 1))+1, maxReoMult))
	k.persist = reoPersist
}

// advanced: all before una has arrived.
func (k *rack) advanced(una Seq) { k.inRound = k.inRound && una.Less(k.round) }

// recovered: a recovery is over, without more duplicates the window for reordering narrows some time.
func (k *rack) recovered() {
	if k.persist > 0 {
		if k.persist--; k.persist == 0 {
			k.mult = 1
		}
	}
}

// reoWindow is how much later than in order something may arrive before it is held for lost (RFC 8985 §6.2 step 4).
func (s *Socket) reoWindow() time.Duration {
	k := &s.tx.rack
	if !k.reordered && (s.flags&(flagRecovery|flagLoss) != 0 || s.tx.sacked >= dupThresh*int(s.mss)) {
		return 0
	}
	return min(time.Duration(max(k.mult, 1))*k.minRTT/4, micros(s.srtt))
}

// rackDetect holds for lost what was sent long enough before something that has arrived (RFC 8985 §6.2 step 5), and
// sets the timer for what was not yet. It gives the number of bytes that are newly missing.
func (s *Socket) rackDetect(now Instant) int {
	tx := s.tx
	k := &tx.rack
	tx.rackAt = Never
	if !k.known || tx.sacked == 0 && tx.resent == 0 {
		return 0 // all that is outstanding was sent after all that has arrived
	}
	before, probe := tx.lost, 0
	window := s.reoWindow()
	rs := tx.runs()
	for i := range rs {
		r := &rs[i]
		if r.sentAt > k.sentAt && r.flags&runAgain == 0 { // all that follows was sent later still
			break
		}
		if r.flags&runSacked != 0 || r.missing() || r.sentAt > k.sentAt || r.sentAt == k.sentAt && !r.to.Less(k.endSeq) {
			continue
		}
		if due := r.sentAt.Add(k.rtt + window); due <= now {
			tx.lose(i)
			if r.flags&runPathProbe != 0 { // tells of the path's MTU, not of congestion (RFC 4821 §7.6.2)
				r.flags &^= runPathProbe
				probe = r.len()
				continue
			}
			s.lostNow(now, r)
		} else {
			tx.rackAt = min(tx.rackAt, due)
		}
	}
	lost := tx.lost - before - probe
	if probe > 0 {
		s.pathProbeLost(now, lost == 0)
	}
	return lost
}

// rackExpired: what was not reported in time is lost.
func (s *Socket) rackExpired(now Instant) {
	s.tx.ack = ackSample{prior: s.pipe()}
	if lost := s.rackDetect(now); lost > 0 {
		s.lossFound(now, lost)
		s.adjustWindow(now)
		s.host.Wake()
	}
}
