package gvisor

import (
	"testing"

	"smoltls/bench/internal/measure"
)

func TestIdleMemory(t *testing.T) {
	e := measure.Smoke
	e.Conns = 100 // enough that what the runtime holds for itself does not matter
	r := measure.NewReadings(2)
	if err := IdleMemory(e, r); err != nil {
		t.Fatal(err)
	}
	alone, waiting := r.Of(idleAlone)[0], r.Of(idleWaiting)[0]
	if alone < 1000 || waiting <= alone {
		t.Errorf("%v bytes with a waiting goroutine, %v without", waiting, alone)
	}
}
