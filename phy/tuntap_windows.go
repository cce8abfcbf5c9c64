package phy

import (
	"errors"
	"syscall"

	"github.com/songgao/water"
)

// tapComponent is the name under which OpenVPN's driver is registered.
const tapComponent = "tap0901"

func waterConfig(m Medium, name string, o TunTapOptions) (water.Config, error) {
	params := water.PlatformSpecificParams{ComponentID: tapComponent, InterfaceName: name}
	if m == MediumEthernet {
		return water.Config{DeviceType: water.TAP, PlatformSpecificParams: params}, nil
	}
	if !o.Network.IsValid() || !o.Network.Addr().Is4() {
		return water.Config{}, errors.New("a TUN on Windows needs TunTapOptions.Network, an IPv4 prefix")
	}
	params.Network = o.Network.String()
	return water.Config{DeviceType: water.TUN, PlatformSpecificParams: params}, nil
}

func openReason(err error) error {
	switch {
	case errors.Is(err, syscall.ERROR_ACCESS_DENIED):
		return ErrNoPrivilege
	case errors.Is(err, syscall.ERROR_FILE_NOT_FOUND), errors.Is(err, syscall.ERROR_PATH_NOT_FOUND):
		return ErrNoDriver
	}
	return nil
}
