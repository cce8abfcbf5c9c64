package ours

import (
	"errors"
	"testing"

	"smoltls/bench/internal/kernel"
	"smoltls/bench/internal/measure"
)

func TestBulkTAP(t *testing.T) {
	for _, up := range []bool{false, true} {
		for _, l := range []kernel.Link{{}, {Secure: true}, {Secure: true, Offload: true}, {Apart: true}} {
			r := measure.NewReadings(1)
			err := BulkTAP(up, l)(measure.Smoke, r)
			if errors.Is(err, measure.ErrSkip) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Of(0)) != 1 || r.Of(0)[0] <= 0 {
				t.Errorf("up %v, %+v: %v", up, l, r.Of(0))
			}
		}
	}
}
