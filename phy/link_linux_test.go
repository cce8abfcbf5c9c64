package phy

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

func TestLinkMTUOfAnInterfaceThatIsThereAndOfOneThatIsNot(t *testing.T) {
	if mtu, err := linkMTU("lo"); err != nil || mtu < MinMTU {
		t.Errorf("lo: %d, %v", mtu, err)
	}
	if _, err := linkMTU("no-such-if"); !errors.Is(err, unix.ENODEV) {
		t.Errorf("an interface that is not there: %v", err)
	}
	if _, err := linkMTU("a-name-that-is-too-long"); err == nil {
		t.Error("a name that no interface can have was accepted")
	}
	if err := setLinkMTU("no-such-if", 1400); err == nil {
		t.Error("the MTU of nothing was set")
	}
}
