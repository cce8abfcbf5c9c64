package gvisor

import (
	"testing"

	"smoltls/bench/internal/measure"
)

// smoke runs a contender with hardly any work and requires positive readings of the first n figures.
func smoke(t *testing.T, c measure.Contender, n int) *measure.Readings {
	t.Helper()
	r := measure.NewReadings(2 * len(measure.Smoke.Idle))
	if err := c(measure.Smoke, r); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if len(r.Of(i)) == 0 || r.Of(i)[0] <= 0 {
			t.Errorf("figure %d: %v", i, r.Of(i))
		}
	}
	return r
}

func TestBulk(t *testing.T) {
	smoke(t, BulkTCP(16<<10), 2)
	smoke(t, BulkTLS(16<<10), 2)
	smoke(t, BulkTLS(1400), 2)
}
