package tcp

import (
	"math"
	"testing"
	"time"
)

// goodput moves n bytes over a wire with that delay each way and that loss, and gives bytes a second.
func goodput(t *testing.T, seed uint64, n int, delay time.Duration, drop float64, buffer int, c Congestion) float64 {
	w := newWire(t, seed)
	w.delay, w.drop = delay, drop
	w.connect(&Config{SendBuffer: buffer, Congestion: c}, &Config{RecvBuffer: buffer})
	w.transfer(w.a, w.b, n)
	return float64(n) / w.now.Sub(0).Seconds()
}

func TestThroughputDoesNotCollapseWithDelay(t *testing.T) { // a defect of smoltcp
	const buffer = 1 << 20
	for _, rtt := range []time.Duration{10 * time.Millisecond, 100 * time.Millisecond, 400 * time.Millisecond} {
		got := goodput(t, 1, 40<<20, rtt/2, 0, buffer, CUBIC)
		if most := buffer / rtt.Seconds(); got < 0.75*most { // slow start and the handshake are in it
			t.Errorf("%v: %.0f of at most %.0f bytes a second", rtt, got, most)
		}
	}
}

func TestThroughputUnderLossIsWhatNewRenoCanHave(t *testing.T) {
	// Mathis et al. 1997: a window of 1.22/sqrt(p) segments a round trip. Without SACK several losses in one window
	// cost a timeout now and then.
	const rtt = 40 * time.Millisecond
	for drop, share := range map[float64]float64{0.001: 0.6, 0.01: 0.5} {
		sum := 0.0
		for seed := range uint64(8) {
			sum += goodput(t, seed, 4<<20, rtt/2, drop, 4<<20, NewReno)
		}
		expected := 1460 * 1.22 / rtt.Seconds() / math.Sqrt(drop)
		if got := sum / 8; got < share*expected {
			t.Errorf("%.1f%% loss: %.0f bytes a second, %.0f expected", drop*100, got, expected)
		} else {
			t.Logf("%.1f%% loss: %.2f of what the formula says", drop*100, got/expected)
		}
	}
}
