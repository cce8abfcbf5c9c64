package ours

import (
	"errors"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestBulkTAP(t *testing.T) {
	for _, up := range []bool{false, true} {
		for _, how := range [][2]bool{{false, false}, {true, false}, {true, true}} {
			secure, offload := how[0], how[1]
			r := measure.NewReadings(1)
			err := BulkTAP(up, secure, offload)(measure.Smoke, r)
			if errors.Is(err, measure.ErrSkip) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Of(0)) != 1 || r.Of(0)[0] <= 0 {
				t.Errorf("up %v, secure %v, offload %v: %v", up, secure, offload, r.Of(0))
			}
		}
	}
}
