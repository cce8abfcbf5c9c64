package kernel

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"

	"smoltls/bench/internal/measure"
	"smoltls/phy"

	"golang.org/x/sys/unix"
)

// Namespace is a network namespace with a loopback interface and nothing else, and no way out. It has no name in the
// file system and ends with the last file that refers to it.
type Namespace struct{ file *os.File }

// NewNamespace makes one. Without the privilege the error wraps [measure.ErrSkip].
func NewNamespace() (*Namespace, error) {
	ns := &Namespace{}
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return os.NewSyscallError("unshare", err)
		}
		var err error
		if ns.file, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())); err != nil {
			return err
		}
		return phy.ConfigureHost("lo", netip.MustParsePrefix("127.0.0.1/8"))
	})
	if errors.Is(err, unix.EPERM) {
		err = measure.Skip("a network namespace needs root: %w", err)
	}
	return ns, err
}

// Do runs f in the namespace, on a goroutine and thread of its own. Sockets and devices that f opens stay in the
// namespace and may be used from anywhere.
func (ns *Namespace) Do(f func() error) error {
	return onThread(func() error {
		if err := unix.Setns(int(ns.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return os.NewSyscallError("setns", err)
		}
		return f()
	})
}

// Close lets go of the namespace.
func (ns *Namespace) Close() error { return ns.file.Close() }

// onThread runs f on a thread that nobody else uses before or after: the goroutine ends without unlocking it, and the
// runtime ends the thread.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		done <- f()
	}()
	return <-done
}
