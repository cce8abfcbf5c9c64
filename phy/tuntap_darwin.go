package phy

import (
	"errors"
	"syscall"

	"github.com/songgao/water"
)

// waterConfig asks for the system's utun driver, which has no Ethernet.
func waterConfig(m Medium, name string, _ TunTapOptions) (water.Config, error) {
	if m == MediumEthernet {
		return water.Config{}, errors.New("Darwin has no TAP driver")
	}
	return water.Config{DeviceType: water.TUN, PlatformSpecificParams: water.PlatformSpecificParams{Name: name}}, nil
}

func openReason(err error) error {
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		return ErrNoPrivilege
	case errors.Is(err, syscall.EBUSY):
		return ErrDeviceBusy
	}
	return nil
}
