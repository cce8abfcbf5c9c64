package tcp

import (
	"math/bits"
	"time"
)

// The curve of CUBIC (RFC 9438 §4.2): W_cubic(t) = C·(t-K)³ + W_max, in whole milliseconds and bytes, so that every
// machine computes the same. C is 0.4 segments a second cubed, which is 4·mss/10¹⁰ bytes a millisecond cubed.
const (
	cubicCNum = 4
	cubicCDen = 1e10

	// maxCubicTime bounds how far from K the curve is computed, in milliseconds: 17 minutes, when it has left every
	// window behind.
	maxCubicTime = 1 << 20
)

// cubicK is how long the curve takes to rise from cwnd to wMax (RFC 9438 §4.2, figure 2), in milliseconds; 0 when it
// has nothing to rise.
func cubicK(wMax, cwnd, mss uint32) uint32 {
	if wMax <= cwnd {
		return 0
	}
	hi, lo := bits.Mul64(uint64(wMax-cwnd), cubicCDen)
	den := cubicCNum * uint64(max(mss, 1))
	if hi >= den {
		return maxCubicTime
	}
	q, _ := bits.Div64(hi, lo, den)
	return min(cubeRoot(q), maxCubicTime)
}

// cubicWindow is the curve's value at t, with its plateau wMax at k milliseconds (RFC 9438 §4.2, figure 1).
func cubicWindow(t time.Duration, k, wMax, mss uint32) uint32 {
	d := max(-maxCubicTime, min(t.Milliseconds()-int64(k), maxCubicTime))
	rise := cubicRise(uint64(max(d, -d)), mss)
	if d < 0 {
		return uint32(max(int64(wMax)-rise, 0))
	}
	return uint32(min(int64(wMax)+rise, maxCwnd))
}

// cubicRise is C·d³ in bytes.
func cubicRise(d uint64, mss uint32) int64 {
	hi, lo := bits.Mul64(d*d*d, cubicCNum*uint64(mss))
	q, _ := bits.Div64(hi, lo, cubicCDen) // d³ is at most 2⁶⁰ and 4·mss at most 2¹⁸: hi is below 2¹⁴
	return int64(min(q, maxCwnd))
}

// cubeRoot gives the largest number whose cube is at most v, one binary digit a step.
func cubeRoot(v uint64) uint32 {
	var y uint64
	for s := 63; s >= 0; s -= 3 {
		y *= 2
		b := 3*y*(y+1) + 1
		if v>>s >= b {
			v -= b << s
			y++
		}
	}
	return uint32(y)
}
