package phy_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

func TestSteerHostSetsEveryQueueAndUndoesIt(t *testing.T) {
	for _, open := range []func(testing.TB) (*phy.TunTap, *nstest.NetNS){
		func(t testing.TB) (*phy.TunTap, *nstest.NetNS) { return nstest.TAP(t) },
		func(t testing.TB) (*phy.TunTap, *nstest.NetNS) { return nstest.TUN(t) },
	} {
		dev, ns := open(t)
		err := ns.DoWithSysfs(func() error {
			for _, c := range []struct {
				cpu  int
				want string
			}{{0, "1"}, {phy.NoCPU, "0"}} {
				if err := phy.SteerHost(dev.Name(), c.cpu); err != nil {
					return err
				}
				got, err := os.ReadFile("/sys/class/net/" + dev.Name() + "/queues/rx-0/rps_cpus")
				if mask := strings.TrimLeft(strings.TrimSpace(string(got)), "0,"); err != nil || mask != strings.TrimLeft(c.want, "0") {
					t.Errorf("%s, processor %d: the kernel has %q, %v", dev.Name(), c.cpu, got, err)
				}
			}
			if err := phy.SteerHost(dev.Name(), 1<<20); err == nil {
				t.Errorf("%s: a processor that no machine has", dev.Name())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A namespace has interfaces of the same names as others, and the wrong one must not be touched.
func TestSteerHostLooksWhoseSysfsItIs(t *testing.T) {
	dev, ns := nstest.TAP(t)
	err := ns.Do(func() error { return phy.SteerHost(dev.Name(), 0) })
	if h, ok := errors.AsType[*phy.HostError](err); !ok || !strings.Contains(h.Error(), "sysfs") {
		t.Errorf("%v", err)
	}
}
