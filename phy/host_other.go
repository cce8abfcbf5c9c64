//go:build !linux

package phy

import (
	"errors"
	"fmt"
	"net/netip"
)

func configureHost(name string, prefix netip.Prefix) error {
	err := fmt.Errorf("%w on this system: do it with its own tools, such as ifconfig or netsh", errors.ErrUnsupported)
	return &HostError{Name: name, Op: "set the address " + prefix.String(), Err: err}
}
