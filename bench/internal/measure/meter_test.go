package measure

import (
	"errors"
	"runtime"
	"testing"
	"time"
)

var sink []byte

func TestMeterCountsAllocations(t *testing.T) {
	m := Start()
	for range 100 {
		sink = make([]byte, 64)
	}
	if _, n := m.Stop(); n < 100 || n > 200 {
		t.Fatalf("%d allocations counted, 100 were made", n)
	}
}

func TestTimedMeasuresTheWorkAndNotTheWarmUp(t *testing.T) {
	allocate := func(n int) func() error {
		return func() error {
			for range n {
				sink = make([]byte, 64)
			}
			return nil
		}
	}
	if _, n, err := Timed(allocate(10_000), allocate(100)); n < 100 || n > 200 || err != nil {
		t.Errorf("%d allocations counted, 100 were made: %v", n, err)
	}
	broken := errors.New("broken")
	fails := func() error { return broken }
	for _, f := range [][2]func() error{{fails, allocate(1)}, {allocate(1), fails}} {
		if _, _, err := Timed(f[0], f[1]); err != broken {
			t.Error(err)
		}
	}
}

func TestHeldMemorySeesWhatIsHeldAndForgetsWhatIsNot(t *testing.T) {
	const size = 8 << 20
	before := HeldMemory()
	held := make([]byte, size)
	during := HeldMemory()
	runtime.KeepAlive(held)
	held = nil
	after := HeldMemory()
	if d := during - before; d < size-size/8 || d > size+size/8 {
		t.Errorf("%d bytes more while %d were held", d, size)
	}
	if d := after - before; d > size/8 {
		t.Errorf("%d bytes more after they were let go", d)
	}
}

func TestRates(t *testing.T) {
	if v := MBps(3_000_000, 2*time.Second); v != 1.5 {
		t.Errorf("MBps %v", v)
	}
	if v := Micros(time.Millisecond, 4); v != 250 {
		t.Errorf("Micros %v", v)
	}
	if v := PerOp(7, 2); v != 3.5 {
		t.Errorf("PerOp %v", v)
	}
	if v := PerOp(4, 8192); v != 0 {
		t.Errorf("PerOp of what happens once: %v", v)
	}
}
