package dhcp

import (
	"net/netip"
	"slices"
	"time"

	"smoltls/iface"
)

// Lease is what a server gave. It is plain data, which can be kept, as JSON for instance, and given to the next
// [Config].
type Lease struct {
	Addr   netip.Prefix // ours, and the length of its network
	Server netip.Addr   // its identifier: the address that it is reached by

	Routers []netip.Addr  // default routers, the preferred one first (RFC 2132 §3.5, RFC 3442)
	Routes  []iface.Route // all routes, those by Routers among them; Via is the zero Addr for what is on the link
	DNS     []netip.Addr  // name servers, the preferred one first: for dns.Config.Servers
	NTP     []netip.Addr  // time servers
	Domain  string        // in which names are completed; empty: none was given, or none that can be
	MTU     int           // of the link, in bytes; 0: none was given

	// Options are those of [Config].Options that the server gave, by their number and as they came.
	Options map[uint8][]byte

	Begin  time.Time // when it was requested: what follows counts from then
	Renew  time.Time // T1: when it is renewed with its server; zero: never
	Rebind time.Time // T2: when it is renewed with any server; zero: never
	End    time.Time // zero: never
}

// Expired reports whether the lease has ended.
func (l *Lease) Expired(now time.Time) bool { return !l.End.IsZero() && !now.Before(l.End) }

func (l *Lease) clone() Lease {
	c := *l
	c.Routers, c.Routes, c.DNS, c.NTP = slices.Clone(l.Routers), slices.Clone(l.Routes), slices.Clone(l.DNS), slices.Clone(l.NTP)
	if l.Options != nil {
		c.Options = make(map[uint8][]byte, len(l.Options))
		for k, v := range l.Options {
			c.Options[k] = slices.Clone(v)
		}
	}
	return c
}
