package phy

import (
	"errors"
	"testing"
)

func TestCPUMask(t *testing.T) {
	for cpu, want := range map[int]string{NoCPU: "0", 0: "1", 1: "2", 5: "20", 31: "80000000", 32: "1,00000000", 70: "40,00000000,00000000"} {
		if got := cpuMask(cpu); got != want {
			t.Errorf("processor %d: %s, want %s", cpu, got, want)
		}
	}
}

func TestSteerHostOfAnInterfaceThatIsNotThere(t *testing.T) {
	err := SteerHost("nosuch0", 0)
	if h, ok := errors.AsType[*HostError](err); !ok || h.Name != "nosuch0" {
		t.Errorf("%v", err)
	}
}
