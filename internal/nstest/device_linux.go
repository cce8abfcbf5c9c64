package nstest

import (
	"errors"
	"net/netip"
	"testing"

	"smoltls/phy"
)

// TAP makes a namespace with a TAP interface "tap0", whose kernel side is up and has these
// addresses. What arrives at the device returned is what the kernel in the namespace sends.
func TAP(t testing.TB, host ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return device(t, phy.OpenTAP, "tap0", phy.TunTapOptions{}, host)
}

// TUN is TAP with a TUN interface, "tun0".
func TUN(t testing.TB, host ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return device(t, phy.OpenTUN, "tun0", phy.TunTapOptions{}, host)
}

// OffloadTAP is TAP with offload, which the kernel must have.
func OffloadTAP(t testing.TB, host ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return offload(t, phy.OpenTAP, "tap0", host)
}

// OffloadTUN is TUN with offload.
func OffloadTUN(t testing.TB, host ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return offload(t, phy.OpenTUN, "tun0", host)
}

func offload(t testing.TB, open func(string, phy.TunTapOptions) (*phy.TunTap, error), name string, host []netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	dev, ns := device(t, open, name, phy.TunTapOptions{Offload: true}, host)
	if dev.Offload() == 0 {
		Missing(t, "offload", "this kernel's TUN driver has no virtio-net header")
	}
	return dev, ns
}

func device(t testing.TB, open func(string, phy.TunTapOptions) (*phy.TunTap, error), name string, o phy.TunTapOptions, host []netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	ns := NewNetNS(t)
	var dev *phy.TunTap
	err := ns.Do(func() (err error) {
		dev, err = open(name, o)
		return err
	})
	if errors.Is(err, phy.ErrNoPrivilege) || errors.Is(err, phy.ErrNoDriver) {
		Missing(t, "tun", err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dev.Close() })
	for _, prefix := range host {
		if err := ns.Do(func() error { return phy.ConfigureHost(name, prefix) }); err != nil {
			t.Fatal(err)
		}
	}
	return dev, ns
}
