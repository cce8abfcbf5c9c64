package phy

import (
	"errors"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

var errNotOurProcessor = errors.New("this process may not run there")

func pin(cpu int) (unpin func(), err error) {
	runtime.LockOSThread() // first: what follows is said of one thread. None is started from a locked one, which would inherit the processor.
	before, err := runOnlyOn(cpu)
	if err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	return func() {
		if unix.SchedSetaffinity(0, &before) == nil { // or the thread stays ours, and ends with the goroutine
			runtime.UnlockOSThread()
		}
	}, nil
}

// runOnlyOn ties the calling thread to cpu, and says where it could run before.
func runOnlyOn(cpu int) (before unix.CPUSet, err error) {
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return before, os.NewSyscallError("sched_getaffinity", err)
	}
	if cpu < 0 || !before.IsSet(cpu) {
		return before, errNotOurProcessor
	}
	var only unix.CPUSet
	only.Set(cpu)
	return before, os.NewSyscallError("sched_setaffinity", unix.SchedSetaffinity(0, &only))
}
