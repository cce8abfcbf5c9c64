//go:build !linux

package nstest

import (
	"net/netip"
	"os/exec"
	"testing"

	"smoltls/phy"
)

const linuxOnly = "network namespaces exist on Linux only"

// NetNS is a network namespace, which only Linux has.
type NetNS struct{}

// NewNetNS ends the test by Missing(t, "tun", ...).
func NewNetNS(t testing.TB) *NetNS {
	t.Helper()
	Missing(t, "tun", linuxOnly)
	return nil
}

// Do runs f.
func (*NetNS) Do(f func() error) error { return f() }

// Cmd is an exec.Cmd.
type Cmd struct{ *exec.Cmd }

// Command prepares a program to run.
func (*NetNS) Command(name string, args ...string) *Cmd { return &Cmd{exec.Command(name, args...)} }

// TAP ends the test by Missing(t, "tun", ...).
func TAP(t testing.TB, _ ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return nil, NewNetNS(t)
}

// TUN ends the test by Missing(t, "tun", ...).
func TUN(t testing.TB, _ ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return nil, NewNetNS(t)
}

// OffloadTAP ends the test by Missing(t, "tun", ...).
func OffloadTAP(t testing.TB, _ ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return nil, NewNetNS(t)
}

// OffloadTUN ends the test by Missing(t, "tun", ...).
func OffloadTUN(t testing.TB, _ ...netip.Prefix) (*phy.TunTap, *NetNS) {
	t.Helper()
	return nil, NewNetNS(t)
}
