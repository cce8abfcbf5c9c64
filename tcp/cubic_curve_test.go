package tcp

import (
	"math"
	"testing"
	"time"
)

func TestTheCubicCurveIsTheRFCs(t *testing.T) { // RFC 9438 §4.2, figures 1 and 2; the figures are the formulas', with K in whole milliseconds
	// W_max 1000 segments of 1,000 bytes, reduced to 700: K = cbrt(300/0.4) = 9.0856 s.
	k := cubicK(1_000_000, 700_000, 1000)
	if k != 9085 {
		t.Fatalf("K is %d ms", k)
	}
	for _, c := range []struct {
		t    time.Duration
		want uint32 // 0.4·(t-9.085)³+1000 segments
	}{
		{0, 700_060}, {time.Second, 788_603}, {5 * time.Second, 972_734}, {9085 * time.Millisecond, 1_000_000},
		{12 * time.Second, 1_009_907}, {20 * time.Second, 1_520_153},
	} {
		if got := cubicWindow(c.t, k, 1_000_000, 1000); got != c.want {
			t.Errorf("at %v: %d, want %d", c.t, got, c.want)
		}
	}
}

func TestTheCubicCurveAgreesWithFloatingPoint(t *testing.T) {
	for _, mss := range []uint32{64, 536, 1448, 8960, 65535} {
		for _, wMax := range []uint32{2 * mss, 100 * mss, 1 << 28} {
			cwnd := uint32(float64(wMax) * 0.7)
			k := cubicK(wMax, cwnd, mss)
			exact := 1000 * math.Cbrt(float64(wMax-cwnd)/float64(mss)/0.4)
			if math.Abs(float64(k)-min(exact, maxCubicTime)) > 1 {
				t.Errorf("K(%d, %d) is %d, want %.1f", wMax, mss, k, exact)
			}
			for ms := int64(0); ms < 4*int64(k); ms += 1 + int64(k)/50 {
				x := float64(ms-int64(k)) / 1000
				want := max(0, min(0.4*x*x*x*float64(mss)+float64(wMax), maxCwnd))
				if got := cubicWindow(time.Duration(ms)*time.Millisecond, k, wMax, mss); math.Abs(float64(got)-want) > 1 {
					t.Errorf("W(%d ms) of %d, %d is %d, want %.1f", ms, wMax, mss, got, want)
				}
			}
		}
	}
}

func TestTheCubicCurveHasBounds(t *testing.T) {
	if k := cubicK(1000, 1000, 1000); k != 0 {
		t.Error(k)
	}
	if k := cubicK(math.MaxUint32, 0, 0); k != maxCubicTime {
		t.Error(k)
	}
	if w := cubicWindow(math.MaxInt64, 0, maxCwnd, 65535); w != maxCwnd {
		t.Error(w)
	}
	if w := cubicWindow(0, math.MaxUint32, 1000, 65535); w != 0 {
		t.Error(w)
	}
}

func TestCubeRoot(t *testing.T) {
	for v, want := range map[uint64]uint32{0: 0, 1: 1, 7: 1, 8: 2, 26: 2, 27: 3, 1e18: 1e6, 1e18 - 1: 999_999, math.MaxUint64: 2_642_245} {
		if got := cubeRoot(v); got != want {
			t.Errorf("%d: %d, want %d", v, got, want)
		}
	}
}
