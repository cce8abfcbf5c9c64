package ours

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestAmongIdle(t *testing.T) {
	for _, c := range []measure.Contender{RoundTripsAmongIdle, BulkTCPAmongIdle(16 << 10)} {
		n := len(measure.Smoke.Idle)
		r := smoke(t, c, 2*n-1)
		for i := range n {
			if got := len(r.Of(i)); got != measure.Smoke.Chunks {
				t.Errorf("figure %d: %d readings", i, got)
			}
		}
	}
}
