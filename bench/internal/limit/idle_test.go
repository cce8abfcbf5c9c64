package limit

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestIdleMemoryIsTheSameTargetForBothFigures(t *testing.T) {
	r := measure.NewReadings(2)
	if err := IdleMemory(measure.Smoke, r); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if v := r.Of(i); len(v) != 1 || v[0] != 1024 {
			t.Errorf("figure %d: %v", i, v)
		}
	}
}
