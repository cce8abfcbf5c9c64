package tcp

import "time"

// hyStart ends the first slow start before the queue of the bottleneck overflows: when round trips become longer,
// growth slows down (conservative slow start, CSS), and when they stay longer slow start is over (HyStart++, RFC 9406
// §4.2).
type hyStart struct {
	roundEnd uint32 // count of delivered bytes with which the present round ends
	samples  uint8  // round trips measured in it
	cssLeft  uint8  // rounds of CSS that are still to come; 0: not in CSS
	started  bool
	lastMin  time.Duration // least round trip of the round before; 0: none was measured
	min      time.Duration // and of this one
	baseline time.Duration // the least round trip when CSS began
}

// RFC 9406 §4.3.
const (
	hyMinThresh = 4 * time.Millisecond
	hyMaxThresh = 16 * time.Millisecond
	hyDivisor   = 8 // of the round trip
	hySamples   = 8 // N_RTT_SAMPLE
	hyCSSGrowth = 4 // CSS_GROWTH_DIVISOR
	hyCSSRounds = 5
)

// acknowledged takes an ACK in slow start: rtt, if it is not 0, is what it measured; delivered is the count of all
// delivered bytes, and priorDelivered what that was when the newest segment that it acknowledges was sent: rounds are
// told apart by it. It reports whether slow start is over.
func (h *hyStart) acknowledged(rtt time.Duration, delivered, priorDelivered uint32) (done bool) {
	if !h.started || int32(priorDelivered-h.roundEnd) >= 0 {
		done = h.nextRound(delivered)
	}
	if rtt > 0 {
		if h.min == 0 || rtt < h.min {
			h.min = rtt
		}
		if h.samples < hySamples {
			h.samples++
		}
	}
	if h.samples < hySamples || done {
		return done
	}
	switch {
	case h.cssLeft > 0:
		if h.min < h.baseline { // the longer round trips were a passing thing
			h.cssLeft, h.baseline = 0, 0
		}
	case h.lastMin != 0 && h.min >= h.lastMin+max(hyMinThresh, min(h.lastMin/hyDivisor, hyMaxThresh)):
		h.baseline, h.cssLeft = h.min, hyCSSRounds
	}
	return false
}

// nextRound begins a round. Slow start is over with the last round of CSS.
func (h *hyStart) nextRound(delivered uint32) (done bool) {
	h.roundEnd = delivered
	h.lastMin, h.min, h.samples = h.min, 0, 0
	if h.started && h.cssLeft > 0 {
		h.cssLeft--
		done = h.cssLeft == 0
	}
	h.started = true
	return done
}

// growth gives what slow start adds to the window for so many delivered bytes.
func (h *hyStart) growth(bytes uint32) uint32 {
	if h.cssLeft > 0 {
		return bytes / hyCSSGrowth
	}
	return bytes
}
