package iface

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"smoltls/tcp"
)

// Routes that routers advertise to networks other than all the rest (RFC 4191 §2.3): we are a host of its type C.

const optRouteInfo = 24

// learnedRoute is a network that is reached through a router that says so.
type learnedRoute struct {
	prefix     netip.Prefix
	via        netip.Addr
	preference int8
	until      tcp.Instant
}

// parseRouteInfo reads the content of a route information option. false: it is malformed, or has the reserved
// preference (RFC 4191 §2.3).
func parseRouteInfo(v []byte) (p netip.Prefix, preference int8, lifetime uint32, ok bool) {
	if len(v) < 6 || int(v[0]) > 8*(len(v)-6) || v[0] > 128 {
		return p, 0, 0, false
	}
	if preference, ok = preferenceOf(v[1]); !ok {
		return p, 0, 0, false
	}
	var a [16]byte
	copy(a[:], v[6:])
	p = netip.PrefixFrom(netip.AddrFrom16(a), int(v[0])).Masked()
	return p, preference, binary.BigEndian.Uint32(v[2:]), !p.Addr().Is4In6() && !p.Addr().IsMulticast() && !p.Addr().IsLinkLocalUnicast()
}

// preferenceOf reads what bits 3 and 4 of a flag byte say of a route; not ok: the reserved value (RFC 4191 §2.1).
func preferenceOf(flags byte) (preference int8, ok bool) {
	switch flags >> 3 & 3 {
	case 1:
		return 1, true
	case 3:
		return -1, true
	case 2:
		return 0, false
	}
	return 0, true
}

// takeRoute takes a router's word on a network behind it. false: there is no place for one more.
func (i *Interface) takeRoute(v []byte, from netip.Addr) bool {
	p, preference, lifetime, ok := parseRouteInfo(v)
	if !ok {
		return true
	}
	if p.Bits() == 0 { // stands for what the message's header says of a default router (RFC 4191 §3.1)
		return i.takeDefault(router{from, preference, i.lifetimeEnd(lifetime)})
	}
	k := slices.IndexFunc(i.learnedRoutes, func(r learnedRoute) bool { return r.prefix == p && r.via == from })
	r := learnedRoute{p, from, preference, i.lifetimeEnd(lifetime)}
	switch {
	case lifetime == 0 && k >= 0:
		i.learnedRoutes = slices.Delete(i.learnedRoutes, k, k+1)
	case lifetime == 0:
		return true
	case k >= 0:
		stays := i.learnedRoutes[k].preference == preference
		i.learnedRoutes[k] = r
		i.dueBy(r.until)
		if stays {
			return true
		}
	case len(i.learnedRoutes) >= i.limits.LearnedRoutes:
		return false
	default:
		i.learnedRoutes = append(i.learnedRoutes, r)
	}
	i.routesStale = true
	i.dueBy(i.now)
	return true
}

// forgetRoutes forgets learned routes of which f says so, and gives when the next one's time is over.
func (i *Interface) forgetRoutes(f func(*learnedRoute) bool) tcp.Instant {
	n, next := len(i.learnedRoutes), tcp.Never
	i.learnedRoutes = slices.DeleteFunc(i.learnedRoutes, func(r learnedRoute) bool { return f(&r) })
	for _, r := range i.learnedRoutes {
		next = min(next, r.until)
	}
	i.routesStale = i.routesStale || len(i.learnedRoutes) != n
	return next
}
