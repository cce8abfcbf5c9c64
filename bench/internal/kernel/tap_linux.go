package kernel

import (
	"errors"
	"io/fs"
	"net/netip"
	"syscall"

	"smoltls/bench/internal/measure"
	"smoltls/phy"
)

// TAPName is the name of the TAP interface in its namespace.
const TAPName = "tap0"

// The two ends of a TAP interface.
var (
	HostPrefix = netip.MustParsePrefix("192.0.2.1/24") // the kernel
	UserPrefix = netip.MustParsePrefix("192.0.2.2/24") // whoever opened it
)

// NewTAP makes a namespace in which open opens [TAPName], and gives the kernel's side of it [HostPrefix]; of l, Apart
// is its matter. Errors as [NewNamespace].
func NewTAP(l Link, open func() error) (*Namespace, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	ns, err := NewNamespace()
	if err != nil {
		return nil, err
	}
	err = ns.Do(func() error {
		if err := open(); err != nil {
			return err
		}
		return phy.ConfigureHost(TAPName, HostPrefix)
	})
	if err == nil && l.Apart {
		err = ns.steer(TAPName)
	}
	if err != nil {
		ns.Close()
		return nil, explainTAP(err)
	}
	return ns, nil
}

// explainTAP turns what means that this machine has no TAP for us into a reason to skip.
func explainTAP(err error) error {
	for _, reason := range []error{
		phy.ErrNoDriver, phy.ErrNoPrivilege, fs.ErrNotExist, fs.ErrPermission, syscall.ENODEV, syscall.ENXIO,
	} {
		if errors.Is(err, reason) {
			return measure.Skip("a TAP interface can't be opened: %w", err)
		}
	}
	return err
}
