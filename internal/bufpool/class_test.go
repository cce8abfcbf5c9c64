package bufpool

import (
	"math"
	"testing"
)

func TestEveryRequestGetsTheLeastClassThatHoldsIt(t *testing.T) {
	for n := 1; n <= MaxClass; n += 1 + n/100 {
		size := Size(n)
		if size < n || size < MinSize || size&(size-1) != 0 || size > MinSize && size/2 >= n {
			t.Fatalf("Size(%d) = %d", n, size)
		}
		if MinSize<<classOf(n) != size || classOf(n) >= classes {
			t.Fatalf("class %d for %d", classOf(n), n)
		}
	}
}

func TestSizesBeyondTheClassesAreExact(t *testing.T) {
	for n, want := range map[int]int{0: 0, -1: 0, math.MinInt: 0, MaxClass: MaxClass, MaxClass + 1: MaxClass + 1, math.MaxInt: math.MaxInt} {
		if got := Size(n); got != want {
			t.Errorf("Size(%d) = %d", n, got)
		}
	}
}
