package kernel

import (
	"errors"
	"runtime"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestNothingIsApartOnOneProcessor(t *testing.T) {
	if err := (Link{}).check(); err != nil {
		t.Errorf("a plain link: %v", err)
	}
	err := Link{Apart: true}.check()
	if small := runtime.NumCPU() < 2; errors.Is(err, measure.ErrSkip) != small {
		t.Errorf("%d processors: %v", runtime.NumCPU(), err)
	}
}
