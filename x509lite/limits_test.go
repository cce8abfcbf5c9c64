package x509lite

import "testing"

func TestRSABoundIsNeverBelowTheFloor(t *testing.T) {
	for asked, want := range map[int]int{0: DefaultMinRSABits, 1: MinRSABits, -5: MinRSABits, 1023: MinRSABits, 1024: 1024, 3072: 3072} {
		if got := rsaBound(asked); got != want {
			t.Errorf("asked for %d: %d, want %d", asked, got, want)
		}
	}
}
