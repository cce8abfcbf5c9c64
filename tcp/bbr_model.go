package tcp

import (
	"math"
	"math/bits"
	"time"
)

// bbrModel is BBR's picture of the path: how fast it delivers, how long an empty one takes, and how unevenly ACKs come
// (draft-ietf-ccwg-bbr §2.9 and §5.5).
type bbrModel struct {
	maxBW  [2]uint64     // BBR.max_bw_filter: greatest rate, in bytes a second, of the cycle before and of the present one
	bw     uint64        // BBR.bw: what the rates permit to send
	minRTT time.Duration // BBR.min_rtt; 0: not measured

	// Packet-timed round trips (§5.5.1).
	roundEnd   uint32 // BBR.next_round_delivered
	roundCount uint32
	roundStart bool

	// Aggregation of ACKs (§5.5.9).
	extraSince     Instant // BBR.extra_acked_interval_start
	extraDelivered uint64
	extraAcked     [2]uint32 // greatest excess of the rounds before and of the present ones
	extraRounds    uint8     // rounds that the present ones are
}

// bbrExtraRounds is half of BBR.ExtraAckedFilterLen: the filter remembers the present rounds, so many at most, and as
// many before them.
const bbrExtraRounds = 5

// unlimited stands for what the draft calls Infinity, of a volume; unlimitedBW of a rate.
const (
	unlimited   = math.MaxUint32
	unlimitedBW = math.MaxUint64
)

// greatestBW is BBR.max_bw.
func (m *bbrModel) greatestBW() uint64 { return max(m.maxBW[0], m.maxBW[1]) }

// extra is BBR.extra_acked.
func (m *bbrModel) extra() uint32 { return max(m.extraAcked[0], m.extraAcked[1]) }

// startRound makes the round trip end with the first ACK of what is sent from now on (§5.5.1).
func (m *bbrModel) startRound(delivered uint32) { m.roundEnd = delivered }

// updateRound is UpdateRound of §5.5.1.
func (b *bbrState) updateRound() {
	b.roundStart = b.in.sampled && int32(b.in.priorDelivered-b.roundEnd) >= 0
	if b.roundStart {
		b.startRound(b.in.delivered)
		b.roundCount++
		b.roundsSinceProbe++
	}
}

// updateMaxBW takes the ACK's rate sample into the filter (§5.5.5). One that the application limited counts only when
// it shows more than was known.
func (b *bbrState) updateMaxBW() {
	b.updateRound()
	if bw := b.in.bw; bw > 0 && (bw >= b.greatestBW() || !b.in.appLimited) {
		b.maxBW[1] = max(b.maxBW[1], bw)
	}
}

// advanceMaxBW begins a new cycle of the filter (§5.5.6), unless the present one has measured nothing.
func (m *bbrModel) advanceMaxBW() {
	if m.maxBW[1] != 0 {
		m.maxBW[0], m.maxBW[1] = m.maxBW[1], 0
	}
}

// updateAggregation is §5.5.9: how much more was acknowledged, since ACKs last came as slowly as the path delivers,
// than it can have delivered.
func (b *bbrState) updateAggregation() {
	expected := volume(b.bw, b.in.now.Sub(b.extraSince))
	if b.extraDelivered <= expected {
		b.extraDelivered, b.extraSince, expected = 0, b.in.now, 0
	}
	b.extraDelivered += uint64(b.in.acked)
	extra := uint32(min(b.extraDelivered-expected, uint64(b.cwnd)))
	if b.roundStart {
		b.extraRounds++
		if !b.fullReached || b.extraRounds >= bbrExtraRounds { // in Startup it remembers one round only
			b.extraAcked[0], b.extraAcked[1], b.extraRounds = b.extraAcked[1], 0, 0
		}
	}
	b.extraAcked[1] = max(b.extraAcked[1], extra)
}

// volume is what a rate gives in d, in bytes.
func volume(bw uint64, d time.Duration) uint64 {
	hi, lo := bits.Mul64(bw, uint64(max(d, 0)))
	if hi >= uint64(time.Second) {
		return math.MaxUint64
	}
	q, _ := bits.Div64(hi, lo, uint64(time.Second))
	return q
}

// rateOf is the rate, in bytes a second, that n bytes in d are.
func rateOf(n uint32, d time.Duration) uint64 {
	if d <= 0 {
		return 0
	}
	return uint64(n) * uint64(time.Second) / uint64(d) // the product is below 2⁶²
}
