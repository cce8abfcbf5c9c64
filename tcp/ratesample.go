package tcp

import "time"

// rate counts deliveries, from which each ACK gives a sample of how fast the path delivers (draft-ietf-ccwg-bbr §4.1).
type rate struct {
	delivered   uint32  // bytes, all that has arrived since the state was made; wraps
	deliveredAt Instant // when it last grew
	firstSentAt Instant // when the run was sent with which the present sampling interval begins
	limitedTo   uint32  // delivered counts up to here are of a time in which the application had no more to send, if limited
	limited     bool
	lost        uint32 // bytes held for lost, ever; wraps
}

// ackSample is what one ACK says: what it acknowledges, and how fast that was delivered.
type ackSample struct {
	acked     int           // bytes acknowledged cumulatively that were not before, FIN included
	delivered int           // bytes that are known to have arrived by this ACK, cumulatively or by SACK
	lost      int           // bytes that it shows to be lost
	prior     int           // pipe before it
	rtt       time.Duration // of the newest segment it delivers that was sent once; 0: of none
	duplicate bool          // RFC 5681 §2
	dsack     bool          // it reports a duplicate (RFC 2883),
	twice     seqRange      // this one
	advances  bool          // sndUna has moved

	// The delivery rate: rateDelivered bytes in rateInterval, 0 when there is no sample.
	rateDelivered  uint32
	rateInterval   time.Duration
	rateLimited    bool   // the application had no more to send: the path may be faster
	priorDelivered uint32 // rate.delivered when the newest delivered run was sent
	txInFlight     uint32 // pipe just after that

	newest   run // the delivered run that was sent last
	hasRun   bool
	original bool // something arrived that was sent once, below what is known to have arrived: reordering (RFC 8985 §6.2 step 3)
}

// stamp gives a run that is being sent now its place in the count, when pipe bytes are outstanding before it and n are
// added.
func (x *rate) stamp(now Instant, r *run, pipe, n int) {
	if pipe == 0 {
		x.firstSentAt, x.deliveredAt = now, now
	}
	r.sentAt = now
	r.delivered, r.deliveredAt, r.firstSentAt = x.delivered, x.deliveredAt, x.firstSentAt
	r.inFlight = uint32(pipe + n)
	r.lostBefore = x.lost
	if x.limited {
		r.flags |= runLimited
	}
}

// arrived counts a run that was delivered.
func (x *rate) arrived(now Instant, r *run, a *ackSample) {
	n := r.len()
	a.delivered += n
	x.delivered += uint32(n)
	x.deliveredAt = now
	if !a.hasRun || sentLater(r, &a.newest) {
		a.newest, a.hasRun = *r, true
	}
}

// sentLater orders sendings; of those of one instant the higher number was last (RFC 8985 §6.2 step 2).
func sentLater(r, o *run) bool {
	return r.sentAt > o.sentAt || r.sentAt == o.sentAt && o.to.Less(r.to)
}

// sample completes a with the delivery rate.
func (x *rate) sample(a *ackSample) {
	if x.limited && int32(x.delivered-x.limitedTo) > 0 {
		x.limited = false
	}
	if !a.hasRun {
		return
	}
	r := &a.newest
	x.firstSentAt = r.sentAt
	a.priorDelivered, a.txInFlight, a.rateLimited = r.delivered, r.inFlight, r.flags&runLimited != 0
	// The slower of sending and of arriving: ACKs come compressed (§4.1.1.2 of the draft).
	a.rateInterval = max(r.sentAt.Sub(r.firstSentAt), x.deliveredAt.Sub(r.deliveredAt))
	a.rateDelivered = x.delivered - r.delivered
}

// limitedAt notes that the application has no more to send, with pipe bytes outstanding.
func (x *rate) limitedAt(pipe int) {
	x.limited = true
	x.limitedTo = x.delivered + uint32(pipe)
}
