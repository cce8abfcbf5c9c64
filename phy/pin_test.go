package phy

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestPinToNoProcessor(t *testing.T) {
	for _, cpu := range []int{NoCPU, 1 << 20} {
		unpin, err := Pin(cpu)
		if err == nil || unpin != nil {
			t.Fatalf("processor %d: no error", cpu)
		}
		if !strings.HasPrefix(err.Error(), "phy: pin to processor") {
			t.Errorf("processor %d: %v", cpu, err)
		}
		if runtime.GOOS != "linux" && !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("processor %d: %v", cpu, err)
		}
	}
}
