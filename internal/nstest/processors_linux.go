package nstest

import (
	"testing"

	"golang.org/x/sys/unix"
)

// Processors gives where the calling thread may run, and one of these.
func Processors(t testing.TB) (all unix.CPUSet, one int) {
	t.Helper()
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Fatal(err)
	}
	for !all.IsSet(one) {
		one++
	}
	return all, one
}
