package limit

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestBulkLimits(t *testing.T) {
	r := measure.NewReadings(1)
	if err := BulkTCP(measure.Smoke, r); err != nil {
		t.Fatal(err)
	}
	if err := BulkTLS(1400)(measure.Smoke, r); err != nil {
		t.Fatal(err)
	}
	if v := r.Of(bulkRate); len(v) != 2 || v[0] <= 0 || v[1] <= 0 {
		t.Errorf("%v", v)
	}
}

func TestPassVisitsEveryByteInPieces(t *testing.T) {
	const lap, piece = 100, 30 // three pieces a lap, the rest of it left out
	buf := make([]byte, lap)
	calls := 0
	pass(300, piece, buf, buf, func(to, from []byte) {
		if len(to) != piece || len(from) != piece {
			t.Fatalf("pieces of %d and %d bytes", len(to), len(from))
		}
		calls++
	})
	if warm, measured := 4, 10; calls != warm+measured {
		t.Errorf("%d pieces", calls)
	}
}
