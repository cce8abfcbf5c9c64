package nstest

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"smoltls/phy"

	"golang.org/x/sys/unix"
)

// NetNS is a network namespace of its own: it has a loopback interface, the devices the test makes
// in it, and no way out. It has no name in the file system; it ends with the test and the processes
// that were started in it, even if the test is killed.
type NetNS struct {
	t    testing.TB
	file *os.File
}

// NewNetNS makes a network namespace whose loopback interface is up. Without the privilege it ends
// the test by Missing(t, "tun", ...).
func NewNetNS(t testing.TB) *NetNS {
	t.Helper()
	alone(t, "tun")
	ns := &NetNS{t: t}
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return os.NewSyscallError("unshare", err)
		}
		var err error
		ns.file, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
		if err != nil {
			return err
		}
		return phy.ConfigureHost("lo", netip.MustParsePrefix("127.0.0.1/8"))
	})
	if err != nil {
		Missing(t, "tun", "a network namespace needs root: "+err.Error())
	}
	t.Cleanup(func() { ns.file.Close() })
	return ns
}

// Do runs f in the namespace and returns its error. f runs on a goroutine and thread of its own, so
// it may not call t.Fatal; sockets and devices that it opens stay in the namespace and may be used
// from anywhere, and so do processes that it starts.
func (ns *NetNS) Do(f func() error) error {
	return onThread(func() error {
		if err := unix.Setns(int(ns.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return os.NewSyscallError("setns", err)
		}
		return f()
	})
}

// DoWithSysfs is Do with the sysfs of the namespace at /sys, for f alone, as `ip netns exec` has it.
func (ns *NetNS) DoWithSysfs(f func() error) error {
	return ns.Do(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
			return os.NewSyscallError("unshare", err)
		}
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil { // or the next one would be seen everywhere
			return os.NewSyscallError("mount", err)
		}
		if err := unix.Mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
			return os.NewSyscallError("mount", err)
		}
		return f()
	})
}

// onThread runs f on a thread that nobody else uses before or after: the goroutine ends without
// unlocking it, and the runtime ends the thread.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := errors.New("the function did not return")
		defer func() { done <- err }()
		err = f()
	}()
	return <-done
}

// Cmd is an exec.Cmd whose process runs in a namespace. Only the methods that this type has itself
// start it there.
type Cmd struct {
	*exec.Cmd
	ns *NetNS
}

// Command prepares a program to run in the namespace. It is killed when the test ends.
func (ns *NetNS) Command(name string, args ...string) *Cmd {
	return &Cmd{exec.CommandContext(ns.t.Context(), name, args...), ns}
}

// Start is exec.Cmd.Start in the namespace.
func (c *Cmd) Start() error { return c.ns.Do(c.Cmd.Start) }

// Run is exec.Cmd.Run in the namespace.
func (c *Cmd) Run() error {
	if err := c.Start(); err != nil {
		return err
	}
	return c.Wait()
}

// Output is exec.Cmd.Output in the namespace.
func (c *Cmd) Output() (out []byte, err error) {
	err = c.ns.Do(func() error {
		out, err = c.Cmd.Output()
		return err
	})
	return out, err
}

// CombinedOutput is exec.Cmd.CombinedOutput in the namespace.
func (c *Cmd) CombinedOutput() (out []byte, err error) {
	err = c.ns.Do(func() error {
		out, err = c.Cmd.CombinedOutput()
		return err
	})
	return out, err
}
