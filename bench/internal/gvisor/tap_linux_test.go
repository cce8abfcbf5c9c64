package gvisor

import (
	"errors"
	"testing"

	"smoltls/bench/internal/kernel"
	"smoltls/bench/internal/measure"
)

func TestBulkTAP(t *testing.T) {
	for _, up := range []bool{false, true} {
		r := measure.NewReadings(1)
		err := BulkTAP(up, kernel.Link{Secure: true, Offload: up, Apart: !up})(measure.Smoke, r)
		if errors.Is(err, measure.ErrSkip) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Of(0)) != 1 || r.Of(0)[0] <= 0 {
			t.Errorf("up %v: %v", up, r.Of(0))
		}
	}
}
