package iface

import (
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
}

func (i *Interface) makeRoutes(c *Config) error {
	var t routeTable
	for _, p := range c.Addrs {
		t = append(t, tableEntry{prefix: p.Masked()})
	}
	routes := c.Routes
	if g := c.Gateway; g.IsValid() {
		routes = append(slices.Clone(routes), Route{netip.PrefixFrom(unspecified(g), 0), g})
	}
	for _, r := range routes {
		if !r.Prefix.IsValid() || !r.Via.IsValid() || r.Prefix.Addr().Is4() != r.Via.Is4() {
			return fmt.Errorf("%w: route to %v via %v", ErrConfig, r.Prefix, r.Via)
		}
		if i.dev.Medium() == phy.MediumEthernet && !t.onLink(r.Via) {
			return fmt.Errorf("%w: router %v is in none of our networks %v", ErrConfig, r.Via, c.Addrs)
		}
		t = append(t, tableEntry{prefix: r.Prefix.Masked(), via: r.Via})
	}
	// Longest prefix first (RFC 1812 §5.2.4.3); of equals, the one that was given first.
	slices.SortStableFunc(t, func(a, b tableEntry) int { return b.prefix.Bits() - a.prefix.Bits() })
	i.routes = t
	return nil
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
func (i *Interface) nextHop(a netip.Addr) (netip.Addr, bool) { return i.routes.nextHop(a) }

// nextHop gives the station on the link to which packets for a go: by the longest prefix, and of several routers there the first that is not known to be dead.
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

// source chooses our address for a packet to dst that goes through hop: on the same network as the hop if there is one (RFC 6724 §5, rules 5 and
// 8, as far as they mean anything on one interface), of the same scope (rule 2), otherwise the first of the family.
func (i *Interface) source(dst, hop netip.Addr) (netip.Addr, bool) {
	if i.isOurs(dst) {
		return dst, true
	}
	best, score := netip.Addr{}, -1
	for _, p := range i.addrs {
		a := p.Addr()
		if a.Is4() != dst.Is4() {
			continue
		}
		s := 0
		if a.IsLinkLocalUnicast() == dst.IsLinkLocalUnicast() {
			s += 1000
		}
		if p.Contains(hop) {
			s += 1 + p.Bits()
		}
		if s > score {
			best, score = a, s
		}
	}
	return best, score >= 0
}
