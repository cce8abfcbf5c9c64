package iface

import (
	"errors"
	"fmt"
	"io"
	"net/netip"

	"smoltls/phy"
)

// Config describes an interface.
type Config struct {
	Device       phy.Device     // required; the interface uses it alone
	HardwareAddr [6]byte        // our Ethernet address; zero: a random one, locally administered
	Addrs        []netip.Prefix // our addresses, each with the network that is on the link; at least one
	Gateway      netip.Addr     // router for everything else of its family; more by Routes
	Routes       []Route        // networks behind routers
	Rand         io.Reader      // entropy; nil: crypto/rand
	Limits       Limits
}

// Route says that a network is reached through a router, which is on the link.
type Route struct {
	Prefix netip.Prefix
	Via    netip.Addr
}

// Errors of configuration and of Connect and Listen. errors.Is finds them.
var (
	ErrConfig      = errors.New("iface: unusable configuration")
	ErrNoRoute     = errors.New("iface: no route to that address")
	ErrNoSource    = errors.New("iface: no address of our own in that family")
	ErrAddress     = errors.New("iface: not an address to connect to")
	ErrPortsUsedUp = errors.New("iface: no free port")
	ErrConnsFull   = errors.New("iface: too many connections")
	ErrAddrInUse   = errors.New("iface: address in use")
	ErrInUse       = errors.New("iface: that Conn or Listener is in use already")
	ErrNoMemory    = errors.New("iface: Listen needs a function that gives connections their memory")
	ErrNotOurs     = errors.New("iface: not an address of this interface")
)

func (c *Config) check() error {
	switch {
	case c.Device == nil:
		return fmt.Errorf("%w: no device", ErrConfig)
	case len(c.Addrs) == 0:
		return fmt.Errorf("%w: no address", ErrConfig)
	case c.HardwareAddr[0]&1 != 0:
		return fmt.Errorf("%w: hardware address %x is a multicast address", ErrConfig, c.HardwareAddr)
	}
	for _, p := range c.Addrs {
		a := p.Addr()
		if !p.IsValid() || a.Is4In6() || a.IsUnspecified() || a.IsMulticast() || a.Zone() != "" {
			return fmt.Errorf("%w: %v is not an address with its network", ErrConfig, p)
		}
		if a.Is6() && c.Device.MTU() < minMTU6 {
			return fmt.Errorf("%w: IPv6 needs an MTU of %d, the device has %d", ErrConfig, minMTU6, c.Device.MTU())
		}
	}
	if c.Device.MTU() < minMTU4 {
		return fmt.Errorf("%w: MTU %d is less than %d", ErrConfig, c.Device.MTU(), minMTU4)
	}
	return nil
}

const (
	minMTU4 = 68   // RFC 791 §3.2
	minMTU6 = 1280 // RFC 8200 §5
)
