package phy_test

import (
	"errors"
	"strings"
	"testing"

	"smoltls/internal/nstest"
	"smoltls/phy"

	"golang.org/x/sys/unix"
)

func TestWithoutPrivilegeTheErrorSaysWhichOneIsMissing(t *testing.T) {
	ns := nstest.NewNetNS(t)
	err := ns.Do(func() error { // on a thread of its own, whose capabilities end with it
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		if err := unix.Capset(&header, &none[0]); err != nil {
			return err
		}
		_, err := phy.OpenTAP("tap0", phy.TunTapOptions{})
		if !errors.Is(err, phy.ErrNoPrivilege) || !strings.Contains(err.Error(), "CAP_NET_ADMIN") {
			t.Error(err)
		}
		err = phy.ConfigureHost("lo", hostV4)
		if !errors.Is(err, phy.ErrNoPrivilege) || !strings.Contains(err.Error(), "CAP_NET_ADMIN") {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
