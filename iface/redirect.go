package iface

import (
	"maps"
	"net/netip"
)

// Redirects (RFC 4861 §8): a router tells of a better first hop for one address.
const redirectLen = 40

// receiveRedirect takes a redirect if it is valid (RFC 4861 §8.1): in particular only from the router that packets for
// that address go to now.
func (i *Interface) receiveRedirect(p *packet) DropReason {
	b := p.payload
	from := netip.AddrFrom16(p.tuple.remote)
	if len(b) < redirectLen || b[1] != 0 || !from.IsLinkLocalUnicast() {
		return DropMalformed
	}
	target, dst := netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	mac, hasMAC, ok := linkAddrOption(b[redirectLen:], optTargetLinkAddr)
	switch {
	case !ok, dst.IsMulticast(), dst.Is4In6(), !(target == dst || target.Is6() && target.IsLinkLocalUnicast()):
		return DropMalformed
	case !i.autoconf:
		return DropAutoconfOff
	}
	if hop, ok := i.nextHop(dst); !ok || hop != from || i.isOurs(dst) || i.isOurs(target) {
		return DropRedirect
	}
	if i.redirects == nil {
		i.redirects = make(map[netip.Addr]netip.Addr)
	}
	if _, known := i.redirects[dst]; !known && len(i.redirects) >= i.limits.Redirects {
		for other := range i.redirects { // whoever used it is told again
			delete(i.redirects, other)
			break
		}
	}
	i.redirects[dst] = target
	i.stats.Redirects++
	if hasMAC {
		if nb := i.neighbors.get(target); nb != nil {
			i.heard(nb, mac)
		}
	}
	i.rerouteFrom(from)
	return DropNone
}

// unredirect forgets redirects to a hop that does not answer (RFC 4861 §7.3.3: the next hop is determined anew).
func (i *Interface) unredirect(hop netip.Addr) {
	n := len(i.redirects)
	maps.DeleteFunc(i.redirects, func(_, via netip.Addr) bool { return via == hop })
	if len(i.redirects) < n {
		i.rerouteFrom(hop)
	}
}
