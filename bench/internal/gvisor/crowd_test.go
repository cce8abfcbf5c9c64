package gvisor

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestAmongIdle(t *testing.T) {
	for _, c := range []measure.Contender{RoundTripsAmongIdle, BulkTCPAmongIdle(16 << 10)} {
		r := smoke(t, c, 1)
		for i, n := range measure.Smoke.Idle {
			if held := n <= measure.Smoke.PeerIdle; held != (len(r.Of(i)) == measure.Smoke.Chunks) {
				t.Errorf("%d idle connections: %d readings", n, len(r.Of(i)))
			}
		}
	}
}
