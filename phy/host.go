package phy

import (
	"fmt"
	"net/netip"
)

// HostError says what could not be done to the host's side of an interface.
type HostError struct {
	Name string // the interface
	Op   string // what was tried
	Err  error  // what the system said
}

// Error names the operation, the interface and the reason.
func (e *HostError) Error() string {
	return fmt.Sprintf("phy: %s on the host's side of %s: %v", e.Op, e.Name, e.Err)
}

// Unwrap gives errors.Is and errors.As the system's error, or ErrNoPrivilege over it.
func (e *HostError) Unwrap() error { return e.Err }

// ConfigureHost gives the kernel's side of an interface an address and brings it up, so that the
// kernel sends packets for that network to us. Other addresses of the interface stay; giving the
// same one again does nothing. An IPv6 address can be used at once: nobody but us is on the link, so the
// kernel is told to leave out duplicate address detection.
//
// It runs on Linux and needs root or CAP_NET_ADMIN; elsewhere the error wraps errors.ErrUnsupported.
// Errors are of type *HostError.
func ConfigureHost(name string, prefix netip.Prefix) error {
	if !prefix.IsValid() || prefix.Addr().Is4In6() {
		return &HostError{Name: name, Op: "set the address", Err: fmt.Errorf("invalid prefix %v", prefix)}
	}
	return configureHost(name, prefix)
}
