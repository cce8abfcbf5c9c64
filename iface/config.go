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
	Addrs        []netip.Prefix // our addresses, each with the network that is on the link; at least one without Autoconf and AddrsLater
	Gateway      netip.Addr     // router for everything else of its family; more by Routes
	Routes       []Route        // networks behind routers, and further ones that are on the link
	VLAN         uint16         // the 802.1Q VLAN that the interface lives in, 1 to 4094; 0: frames without a tag. The tag takes 4 bytes of the device's MTU
	VLANPriority uint8          // of the frames we send there, 0 to 7
	Queue        int            // which of Queues interfaces with the same addresses this is, each on a queue of one device and driven by itself ([phy.OpenTUNQueues]); they divide the ephemeral ports
	Queues       int            // how many these are, up to [phy.MaxQueues]; 0 or 1: this is the only one
	Rand         io.Reader      // entropy; nil: crypto/rand
	Limits       Limits

	// Autoconf makes the interface find its IPv6 addresses, routers and parameters by itself, on Ethernet (RFC 4862,
	// RFC 4861 §6.3): it forms a link-local address, asks for routers, and believes what they advertise. Without it
	// router advertisements and redirects are ignored, and Addrs and Routes are all there is.
	Autoconf       bool
	DADTransmits   int             // questions by which an IPv6 address is tested before it is used (RFC 4862 §5.4); default 1 with Autoconf, otherwise none; negative: none
	StableSecret   []byte          // of the identifiers in addresses that are formed: with the same one they stay the same (RFC 7217); nil: one from Rand, for this run
	StableName     string          // tells interfaces with the same StableSecret apart (RFC 7217's Net_Iface), beside the VLAN
	TemporaryAddrs bool            // beside these addresses there are temporary ones, which packets leave from (RFC 8981); connections from one that is over, after two days, end with [ErrAddrGone]
	AddrsLater     bool            // that there is no address at first is meant so: they come by [Interface.AddAddr]
	AddrEvent      func(AddrEvent) // hears what becomes of addresses; called in the middle of the interface's work, and of New; must not call the interface
	DNSEvent       func()          // hears that [Interface.DNSServers] or SearchDomains have something else to say; called as AddrEvent is
}

// Route says that a network is reached through a router, which is on the link, or, where Via is the zero Addr, that it
// is on the link itself.
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
	case len(c.Addrs) == 0 && !c.Autoconf && !c.AddrsLater:
		return fmt.Errorf("%w: no address", ErrConfig)
	case c.Autoconf && (c.Device.Medium() != phy.MediumEthernet || c.mtu() < minMTU6):
		return fmt.Errorf("%w: Autoconf on %v with an MTU of %d", ErrConfig, c.Device.Medium(), c.mtu())
	case c.HardwareAddr[0]&1 != 0:
		return fmt.Errorf("%w: hardware address %x is a multicast address", ErrConfig, c.HardwareAddr)
	}
	if c.Queues < 0 || c.Queues > phy.MaxQueues || c.Queue < 0 || c.Queue >= max(c.Queues, 1) {
		return fmt.Errorf("%w: queue %d of %d", ErrConfig, c.Queue, c.Queues)
	}
	if c.VLAN > maxVLAN || c.VLANPriority > maxPriority || c.VLAN == 0 && c.VLANPriority != 0 || c.VLAN != 0 && c.Device.Medium() != phy.MediumEthernet {
		return fmt.Errorf("%w: VLAN %d with priority %d on %v", ErrConfig, c.VLAN, c.VLANPriority, c.Device.Medium())
	}
	for _, p := range c.Addrs {
		if err := checkAddr(p, c.mtu()); err != nil {
			return err
		}
	}
	if c.mtu() < minMTU4 {
		return fmt.Errorf("%w: MTU %d is less than %d", ErrConfig, c.mtu(), minMTU4)
	}
	return nil
}

// checkAddr says why p can't be an address of an interface with that MTU.
func checkAddr(p netip.Prefix, mtu int) error {
	a := p.Addr()
	to, shared := broadcastOf(p)
	if !p.IsValid() || a.Is4In6() || a.IsMulticast() || a.IsUnspecified() || staysInside(a) || a == limitedBroadcast || shared && to == a.As4() || a.Zone() != "" {
		return fmt.Errorf("%w: %v is not an address with its network", ErrConfig, p)
	}
	if a.Is6() && mtu < minMTU6 {
		return fmt.Errorf("%w: IPv6 needs an MTU of %d, there is one of %d", ErrConfig, minMTU6, mtu)
	}
	return nil
}

// mtu is the longest IP packet.
func (c *Config) mtu() int {
	n := c.Device.MTU()
	if c.VLAN != 0 {
		n -= vlanTagLen
	}
	return min(n, maxDatagram) // without jumbograms (RFC 2675) there is no use for more
}

const (
	minMTU4 = 68   // RFC 791 §3.2
	minMTU6 = 1280 // RFC 8200 §5
)
