package ccm

import (
	"reflect"
	"slices"
)

// grow extends b by n bytes, within its capacity if that suffices, and returns the whole
// and the new part.
func grow(b []byte, n int) (whole, added []byte) {
	whole = slices.Grow(b, n)[:len(b)+n]
	return whole, whole[len(b):]
}

// inexactOverlap reports whether x and y share memory but do not begin at the same
// byte: then writing one would overwrite what is still to be read of the other.
func inexactOverlap(x, y []byte) bool {
	return overlap(x, y) && &x[0] != &y[0]
}

// overlap reports whether x and y share memory.
func overlap(x, y []byte) bool {
	return len(x) > 0 && len(y) > 0 &&
		address(&x[0]) <= address(&y[len(y)-1]) && address(&y[0]) <= address(&x[len(x)-1])
}

// address goes through reflect, which needs no unsafe and does not allocate.
func address(p *byte) uintptr { return reflect.ValueOf(p).Pointer() }
