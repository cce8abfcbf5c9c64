package tcp

import (
	"testing"
	"time"
)

// hyRounds plays rounds of ten ACKs, all with the given round trip in milliseconds, and gives whether slow start is
// over after each.
type hyRounds struct {
	hyStart
	delivered uint32
}

func (h *hyRounds) round(rtt ...float64) (done bool) {
	prior := h.delivered // the first segment of this round was sent when all that is delivered by now was
	for i := range 10 {
		h.delivered += 1000
		done = h.acknowledged(time.Duration(rtt[i%len(rtt)]*float64(time.Millisecond)), h.delivered, prior) || done
	}
	return done
}

func TestHyStartEndsSlowStartWhenRoundTripsStayLonger(t *testing.T) { // RFC 9406 §4.2
	var h hyRounds
	h.round(100)
	if h.round(112.4); h.cssLeft != 0 {
		t.Fatal("CSS begins below an eighth of the round trip")
	}
	if h.round(124.9 + 1.6); h.cssLeft != hyCSSRounds || h.baseline != 126500*time.Microsecond { // 112.4 · 9/8 = 126.45
		t.Fatalf("no CSS: %+v", h)
	}
	if g := h.growth(10000); g != 2500 {
		t.Fatalf("grows by %d", g)
	}
	for i := range 4 { // the round in which it began counts
		if h.round(130) {
			t.Fatalf("over after %d rounds of CSS", i+1)
		}
	}
	if !h.round(130) {
		t.Fatal("not over after five rounds")
	}
}

func TestHyStartResumesWhenRoundTripsBecomeShortAgain(t *testing.T) { // RFC 9406 §4.2
	var h hyRounds
	h.round(100)
	h.round(120)
	if h.cssLeft == 0 {
		t.Fatal("no CSS")
	}
	if h.round(119.9); h.cssLeft != 0 || h.growth(10000) != 10000 {
		t.Fatal("CSS goes on below its baseline")
	}
	if h.round(136); h.cssLeft == 0 { // 119.9 + 15
		t.Fatal("and it never begins again")
	}
}

func TestHyStartThresholdHasBounds(t *testing.T) { // MIN_RTT_THRESH, MAX_RTT_THRESH
	for _, c := range []struct {
		last, now float64
		css       bool
	}{{8, 11.9, false}, {8, 12, true}, {400, 415.9, false}, {400, 416, true}, {64, 71.9, false}, {64, 72, true}} {
		var h hyRounds
		h.round(c.last)
		if h.round(c.now); (h.cssLeft > 0) != c.css {
			t.Errorf("%v ms after %v ms: CSS %v", c.now, c.last, !c.css)
		}
	}
}

func TestHyStartWantsEightSamples(t *testing.T) { // N_RTT_SAMPLE
	var h hyRounds
	h.round(100)
	prior := h.delivered
	ack := func(rtt time.Duration) {
		h.delivered += 1000
		h.acknowledged(rtt, h.delivered, prior)
	}
	for range 7 {
		ack(200 * time.Millisecond)
	}
	ack(0) // measures nothing
	if h.cssLeft != 0 {
		t.Fatal("CSS after seven samples")
	}
	if ack(200 * time.Millisecond); h.cssLeft == 0 {
		t.Fatal("no CSS after eight")
	}
}

func TestHyStartTakesTheLeastRoundTripOfARound(t *testing.T) {
	var h hyRounds
	h.round(100)
	if h.round(300, 300, 300, 101); h.cssLeft != 0 {
		t.Fatal("delayed ACKs look like a queue")
	}
}
