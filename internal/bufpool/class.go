package bufpool

import "math/bits"

// The classes. A request for fewer than MinSize bytes gets MinSize; one for more than MaxClass gets what it asked for,
// and leaves it to the garbage collector afterwards: MaxClass is as large as connections' buffers become by themselves.
const (
	MinSize  = 1 << minShift
	MaxClass = 1 << maxShift

	minShift = 8
	maxShift = 22
	classes  = maxShift - minShift + 1
)

// Size gives the length of the buffer that Get(n) hands out: the smallest class of at least n bytes, or n itself beyond
// MaxClass. It is 0 for n <= 0.
func Size(n int) int {
	switch {
	case n <= 0:
		return 0
	case n > MaxClass:
		return n
	}
	return MinSize << classOf(n)
}

// classOf gives the class of 0 < n <= MaxClass bytes.
func classOf(n int) int {
	if n <= MinSize {
		return 0
	}
	return bits.Len(uint(n-1)) - minShift
}
