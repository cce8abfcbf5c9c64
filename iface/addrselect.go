package iface

import (
	"math/bits"
	"net/netip"
	"slices"
)

// Source address selection (RFC 6724 §5), on one interface: rule 4 is about what we do not have.

// source chooses our address for a packet to dst that goes through hop.
func (i *Interface) source(dst, hop netip.Addr) (netip.Addr, bool) {
	if i.isOurs(dst) { // rule 1
		return dst, true
	}
	var best *address
	for _, a := range i.addrs {
		if a.usable() && a.addr().Is4() == dst.Is4() && a.reaches(dst, hop) && (best == nil || a.betterFor(dst, hop, best)) {
			best = a
		}
	}
	if best == nil {
		return netip.Addr{}, false
	}
	return best.addr(), true
}

// reaches: no router forwards a packet from an IPv6 link-local address (RFC 4291 §2.5.6).
func (a *address) reaches(dst, hop netip.Addr) bool {
	return dst == hop || dst.Is4() || !a.addr().IsLinkLocalUnicast()
}

// betterFor reports whether a packet to dst through hop should rather come from a than from b.
func (a *address) betterFor(dst, hop netip.Addr, b *address) bool {
	if sa, sb := scopeOf(a.addr()), scopeOf(b.addr()); sa != sb { // rule 2
		if sa < sb {
			return sa >= scopeOf(dst)
		}
		return sb < scopeOf(dst)
	}
	if a.state != b.state { // rule 3
		return b.state == AddrDeprecated
	}
	if ha, hb := a.assignedBy(hop), b.assignedBy(hop); ha != hb { // rule 5.5
		return ha
	}
	if a.addr().Is6() {
		if la, lb := labelOf(a.addr()) == labelOf(dst), labelOf(b.addr()) == labelOf(dst); la != lb { // rule 6
			return la
		}
	}
	if ta, tb := a.temp.of != nil, b.temp.of != nil; ta != tb { // rule 7
		return ta
	}
	return a.common(dst) > b.common(dst) // rule 8
}

// assignedBy: the next hop has advertised the network that a is in, or is in the network itself.
func (a *address) assignedBy(hop netip.Addr) bool {
	if a.temp.of != nil {
		return a.temp.of.assignedBy(hop)
	}
	if a.auto && !a.addr().IsLinkLocalUnicast() {
		return slices.Contains(a.routers, hop)
	}
	return a.prefix.Contains(hop)
}

// common is how many bits a, as far as it is the network's, has in common with dst (RFC 6724 §2.2).
func (a *address) common(dst netip.Addr) int {
	x, y := a.addr().As16(), dst.As16()
	n := 0
	for k := range x {
		if d := x[k] ^ y[k]; d != 0 {
			n += bits.LeadingZeros8(d)
			break
		}
		n += 8
	}
	if dst.Is4() {
		n -= 96
	}
	return min(n, a.prefix.Bits())
}

// Scopes (RFC 4007 §5, RFC 6724 §3.1), as multicast addresses have them.
const (
	scopeLink   = 2
	scopeSite   = 5
	scopeGlobal = 14
)

var siteLocal = netip.MustParsePrefix("fec0::/10")

func scopeOf(a netip.Addr) int {
	switch {
	case a.Is6() && a.IsMulticast():
		return int(a.As16()[1] & 15)
	case a.IsLinkLocalUnicast(), a.IsLoopback(), a.IsLinkLocalMulticast():
		return scopeLink
	case siteLocal.Contains(a):
		return scopeSite
	}
	return scopeGlobal
}

// labels is the default policy table, longest prefixes first (RFC 6724 §2.1).
var labels = []struct {
	prefix netip.Prefix
	label  int
}{
	{netip.MustParsePrefix("::1/128"), 0}, {netip.MustParsePrefix("::/96"), 3}, {netip.MustParsePrefix("2001::/32"), 5}, {netip.MustParsePrefix("2002::/16"), 2},
	{netip.MustParsePrefix("3ffe::/16"), 12}, {netip.MustParsePrefix("fec0::/10"), 11}, {netip.MustParsePrefix("fc00::/7"), 13}, {netip.MustParsePrefix("::/0"), 1},
}

func labelOf(a netip.Addr) int {
	for _, l := range labels {
		if l.prefix.Contains(a) {
			return l.label
		}
	}
	return 4 // IPv4
}
