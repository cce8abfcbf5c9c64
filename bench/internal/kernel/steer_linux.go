package kernel

import (
	"errors"

	"smoltls/bench/internal/measure"
	"smoltls/phy"

	"golang.org/x/sys/unix"
)

// steer has the namespace's kernel take in what arrives on an interface on [KernelCPU].
func (ns *Namespace) steer(name string) error {
	err := ns.Do(func() error {
		if err := mountSysfs(); err != nil {
			return err
		}
		return phy.SteerHost(name, KernelCPU)
	})
	if errors.Is(err, errors.ErrUnsupported) {
		return measure.Skip("%w", err)
	}
	return err
}

// mountSysfs gives the calling thread alone, which ends soon, the sysfs of its network namespace at /sys.
func mountSysfs() error {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return err
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	return unix.Mount("sysfs", "/sys", "sysfs", 0, "")
}
