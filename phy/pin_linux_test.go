package phy_test

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

func TestPinKeepsTheLoopOnItsProcessorUntilUnpinned(t *testing.T) {
	runtime.LockOSThread() // what is looked at before, within and after is one thread
	defer runtime.UnlockOSThread()
	before, cpu := nstest.Processors(t)
	unpin, err := phy.Pin(cpu)
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := nstest.Processors(t); s.Count() != 1 || !s.IsSet(cpu) {
		t.Errorf("pinned to %d, the thread may run on %d processors", cpu, s.Count())
	}
	thread := unix.Gettid()
	for range 100 {
		runtime.Gosched()
		if unix.Gettid() != thread {
			t.Fatal("the goroutine has moved to another thread")
		}
	}
	unpin()
	if s, _ := nstest.Processors(t); s != before {
		t.Error("unpinned, the thread may not run where it could before")
	}
}

// A thread inherits where its parent may run; those of other goroutines must not.
func TestPinLeavesOtherGoroutinesAlone(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("one processor is every processor")
	}
	before, cpu := nstest.Processors(t)
	unpin, err := phy.Pin(cpu)
	if err != nil {
		t.Fatal(err)
	}
	defer unpin()
	for range 8 {
		theirs := make(chan unix.CPUSet)
		go func() {
			runtime.LockOSThread() // with no unlock: the thread ends, and the next goroutine has a new one made for it
			var s unix.CPUSet
			unix.SchedGetaffinity(0, &s)
			theirs <- s
		}()
		if s := <-theirs; s != before {
			t.Fatalf("another goroutine's thread may run on %d processors", s.Count())
		}
	}
}
