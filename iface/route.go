package iface

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"smoltls/phy"
)

// routeTable is small: it is looked at when a connection begins, not for each packet.
type routeTable []tableEntry

type tableEntry struct {
	prefix netip.Prefix
	via    netip.Addr // invalid: on the link
	dead   bool       // via does not answer, and there is another way

	preference int8 // of a router that advertises itself, above or below that of others (RFC 4191 §2.1)
}

func (i *Interface) makeRoutes(c *Config) error {
	var t routeTable
	for _, p := range c.Addrs {
		t = append(t, tableEntry{prefix: p.Masked()})
	}
	if i.ether && (c.Autoconf || slices.ContainsFunc(c.Addrs, func(p netip.Prefix) bool { return p.Addr().Is6() })) {
		t = append(t, tableEntry{prefix: linkLocalNetwork}) // RFC 4861 §5.1: on the link always
	}
	routes := c.Routes
	if g := plain(c.Gateway); g.IsValid() {
		routes = append(slices.Clone(routes), Route{netip.PrefixFrom(unspecified(g), 0), g})
	}
	for _, r := range routes { // what is on the link may have routers of the others in it
		if r = r.clean(); r.Prefix.IsValid() && !r.Via.IsValid() {
			t = append(t, tableEntry{prefix: r.Prefix})
		}
	}
	for _, r := range routes {
		if r = r.clean(); !r.Prefix.IsValid() || r.Via.IsValid() && r.Prefix.Addr().Is4() != r.Via.Is4() {
			return fmt.Errorf("%w: route to %v via %v", ErrConfig, r.Prefix, r.Via)
		}
		if !r.Via.IsValid() {
			continue
		}
		if i.dev.Medium() == phy.MediumEthernet && !t.onLink(r.Via) {
			return fmt.Errorf("%w: router %v is in none of our networks %v", ErrConfig, r.Via, c.Addrs)
		}
		t = append(t, tableEntry{prefix: r.Prefix, via: r.Via})
	}
	t.sort()
	i.configured, i.routes = t, t
	return nil
}

// sort puts the longest prefix first (RFC 1812 §5.2.4.3); of equals the most preferred, and then the one that was given
// first.
func (t routeTable) sort() {
	slices.SortStableFunc(t, func(a, b tableEntry) int {
		return cmp.Or(b.prefix.Bits()-a.prefix.Bits(), int(b.preference)-int(a.preference))
	})
}

// leadsTo reports whether a is a router of some network.
func (t routeTable) leadsTo(a netip.Addr) bool {
	return slices.ContainsFunc(t, func(e tableEntry) bool { return e.via == a })
}

func unspecified(a netip.Addr) netip.Addr {
	if a.Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

func (t routeTable) onLink(a netip.Addr) bool {
	for _, e := range t {
		if !e.via.IsValid() && e.prefix.Contains(a) {
			return true
		}
	}
	return false
}

// nextHop gives the station on the link to which packets for a go.
func (i *Interface) nextHop(a netip.Addr) (netip.Addr, bool) {
	if len(i.redirects) > 0 {
		if via, ok := i.redirects[a]; ok {
			return via, true
		}
	}
	return i.routes.nextHop(a)
}

// nextHop gives the station on the link to which packets for a go: by the longest prefix, and of several routers there
// the first that is not known to be dead.
func (t routeTable) nextHop(a netip.Addr) (hop netip.Addr, ok bool) {
	bits := 0
	for k := range t {
		e := &t[k]
		switch {
		case ok && e.prefix.Bits() < bits:
			return hop, true
		case !e.prefix.Contains(a):
		case !e.via.IsValid():
			return a, true
		case !e.dead:
			return e.via, true
		case !ok: // when all are dead the first must do
			hop, ok, bits = e.via, true, e.prefix.Bits()
		}
	}
	return hop, ok
}
