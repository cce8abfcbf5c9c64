package dhcp

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
)

// Ports of DHCP (RFC 2131 §4.1).
const (
	ServerPort = 67
	ClientPort = 68
)

// Config says who the client is and what it wants. A zero field is its default.
type Config struct {
	ClientID    []byte // who we are for the server (option 61), 2 to 255 bytes; nil: made of the hardware address, as RFC 4361 §6.1 has it
	Hostname    string // that the server is told (option 12), up to 255 bytes; default none
	VendorClass string // (option 60), up to 255 bytes; default none

	Request netip.Addr // address to ask for; default none, or that of Lease
	Lease   *Lease     // that the client had when it ran last: it is asked first whether that still holds (RFC 2131 §3.2). One that has ended is asked for only

	// SelectWait is for how long offers are gathered after the first. Choose gives the index of the one to take,
	// negative for none of them; they are the caller's. Default: the first offer is taken at once, if there is no
	// Choose, and otherwise they are gathered for [DefaultSelectWait]. Without Choose one with the address asked for
	// goes first, then the one that came first.
	SelectWait time.Duration
	Choose     func(offers []Lease) int

	// StartDelay is up to how long the client waits before its first question, at random, so that stations that get
	// power together do not speak together (RFC 2131 §4.4.1: one to ten seconds). Default none: a program is started by
	// somebody who waits for it.
	StartDelay time.Duration

	Timeout    time.Duration // for the first answer, twice as long for the second, and so on; default [DefaultTimeout] (RFC 2131 §4.1)
	MaxTimeout time.Duration // that it grows to; default [DefaultMaxTimeout]

	Probes        int           // ARP questions by which an address is tested before it is used (RFC 5227); default [iface.DefaultProbes]; negative: none, and conflicts later are not fought either
	ProbeInterval time.Duration // between two of them; default [iface.DefaultProbeInterval]. Less where the lease is so short that the test would use it up

	Broadcast bool    // asks servers to send to everybody, for a way to them that does not carry frames to an address that nobody has yet (RFC 2131 §4.1)
	Options   []uint8 // other options that the server is asked for: see [Lease].Options

	Event  func(Event) // hears what happens, in the middle of Poll, Release and Close; must not call the client
	Rand   io.Reader   // entropy; nil: crypto/rand
	Limits Limits
}

// Limits bounds what a Client holds. A zero field is its default.
type Limits struct {
	Offers      int // gathered before one is chosen; default [DefaultOffers]
	Servers     int // DNS servers of a lease, and NTP servers, the others are left out; default [DefaultServers]
	Routes      int // of a lease, those by its default routers among them; default [DefaultRoutes]
	Requests    int // how often an offer is requested, or an old lease, before the client begins anew; default [DefaultRequests]
	MessageSize int // bytes of a message that is sent to us, without IP and UDP headers: longer ones are not looked at; at least 548, default [DefaultMessageSize] or what the device's MTU holds
}

// Defaults of Config and Limits.
const (
	DefaultTimeout    = 4 * time.Second
	DefaultMaxTimeout = 64 * time.Second
	DefaultSelectWait = time.Second

	DefaultOffers      = 8
	DefaultServers     = 8
	DefaultRoutes      = 64
	DefaultRequests    = 4
	DefaultMessageSize = 1472

	leastMessage = 548 // RFC 2131 §2: 576 bytes with the headers
	headersLen   = 28  // of IP and UDP
	maxOption    = 255
)

// ErrConfig says that a Config can't work, or the interface; what is wrong is said beside it.
var ErrConfig = errors.New("dhcp: unusable configuration")

func (c Config) withDefaults(ifc *iface.Interface) (Config, error) {
	for _, d := range []struct {
		of  *time.Duration
		def time.Duration
	}{{&c.Timeout, DefaultTimeout}, {&c.MaxTimeout, max(DefaultMaxTimeout, c.Timeout)}, {&c.ProbeInterval, iface.DefaultProbeInterval}} {
		if *d.of <= 0 {
			*d.of = d.def
		}
	}
	for _, n := range []struct {
		of  *int
		def int
	}{
		{&c.Probes, iface.DefaultProbes}, {&c.Limits.Offers, DefaultOffers}, {&c.Limits.Servers, DefaultServers}, {&c.Limits.Routes, DefaultRoutes}, {&c.Limits.Requests, DefaultRequests},
		{&c.Limits.MessageSize, min(DefaultMessageSize, ifc.MTU()-headersLen)},
	} {
		if *n.of == 0 {
			*n.of = n.def
		}
	}
	if c.SelectWait == 0 && c.Choose != nil {
		c.SelectWait = DefaultSelectWait
	}
	if c.ClientID == nil {
		c.ClientID = clientID(ifc.HardwareAddr())
	}
	if !c.Request.IsValid() && c.Lease != nil {
		c.Request = c.Lease.Addr.Addr()
	}
	return c, c.check(ifc)
}

func (c *Config) check(ifc *iface.Interface) error {
	l := &c.Limits
	switch {
	case ifc.Medium() != phy.MediumEthernet:
		return fmt.Errorf("%w: DHCP is for Ethernet, not for %v", ErrConfig, ifc.Medium())
	case len(c.ClientID) < 2 || len(c.ClientID) > maxOption: // RFC 2132 §9.14
		return fmt.Errorf("%w: a client identifier of %d bytes, must be 2 to %d", ErrConfig, len(c.ClientID), maxOption)
	case len(c.Hostname) > maxOption || len(c.VendorClass) > maxOption || len(c.Options) > maxOption-len(wanted):
		return fmt.Errorf("%w: Hostname, VendorClass or Options of more than %d bytes", ErrConfig, maxOption)
	case c.Request.IsValid() && !c.Request.Is4(), c.Lease != nil && !c.Lease.Addr.Addr().Is4():
		return fmt.Errorf("%w: not an IPv4 address to ask for: %v", ErrConfig, c.Request)
	case c.SelectWait < 0 || c.StartDelay < 0 || c.MaxTimeout < c.Timeout:
		return fmt.Errorf("%w: SelectWait %v, StartDelay %v, MaxTimeout %v", ErrConfig, c.SelectWait, c.StartDelay, c.MaxTimeout)
	case l.Offers < 1 || l.Servers < 1 || l.Routes < 1 || l.Requests < 1 || l.MessageSize < leastMessage:
		return fmt.Errorf("%w: limits %+v", ErrConfig, *l)
	}
	return nil
}

// clientID identifies an interface of a node by a DUID that is based on the hardware address (RFC 4361 §6.1, RFC 8415
// §11.4): it stays the same without being kept anywhere.
func clientID(hw [6]byte) []byte {
	const duidLL, ethernet = 3, 1
	id := append([]byte{255}, hw[2:]...) // the interface's number: only one at a time has the address
	return append(append(id, 0, duidLL, 0, ethernet), hw[:]...)
}
