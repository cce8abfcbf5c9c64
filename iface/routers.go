package iface

import (
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// router is a default router that advertises itself (RFC 4861 §5.1).
type router struct {
	addr       netip.Addr
	preference int8
	until      tcp.Instant
}

// linkPrefix is a network that a router says is on the link (RFC 4861 §5.1, the prefix list).
type linkPrefix struct {
	prefix netip.Prefix
	until  tcp.Instant
}

// takeRouter takes a router's word on itself as a default router. false: there is no place for it.
func (i *Interface) takeRouter(from netip.Addr, ra *routerAdvert) bool {
	return i.takeDefault(router{from, ra.preference, i.now.Add(ra.lifetime)})
}

// takeDefault takes r for a default router as long as it says. false: there is no place for it.
func (i *Interface) takeDefault(r router) bool {
	if r.until <= i.now {
		i.dropRouter(r.addr)
		return true
	}
	k := slices.IndexFunc(i.routers, func(o router) bool { return o.addr == r.addr })
	i.solicitor.at = tcp.Never
	i.dueBy(r.until)
	switch {
	case k >= 0:
		changed := i.routers[k].preference != r.preference
		i.routers[k] = r
		i.routesStale = i.routesStale || changed
	case len(i.routers) < i.limits.Routers:
		i.routers = append(i.routers, r)
		i.routesStale = true
	default:
		return i.replaceRouter(r)
	}
	if i.routesStale {
		i.dueBy(i.now)
	}
	return true
}

// replaceRouter puts r in the place of one that is less preferred.
func (i *Interface) replaceRouter(r router) bool {
	for k := range i.routers {
		if i.routers[k].preference < r.preference {
			i.routers[k] = r
			i.routesStale = true
			i.dueBy(i.now)
			return true
		}
	}
	return false
}

// noRouter: a station says that it is no router at all (RFC 4861 §7.2.5).
func (i *Interface) noRouter(a netip.Addr) {
	i.dropRouter(a)
	if i.forgetRoutes(func(r *learnedRoute) bool { return r.via == a }); i.routesStale {
		i.dueBy(i.now)
	}
}

// dropRouter forgets a default router (RFC 4861 §6.3.5).
func (i *Interface) dropRouter(a netip.Addr) {
	k := slices.IndexFunc(i.routers, func(r router) bool { return r.addr == a })
	if k < 0 {
		return
	}
	i.routers = slices.Delete(i.routers, k, k+1)
	i.routesStale = true
	i.dueBy(i.now)
	if len(i.routers) == 0 {
		i.beginSoliciting()
	}
}

// takeOnLink takes a router's word on what is on the link (RFC 4861 §6.3.4). false: there is no place for it.
func (i *Interface) takeOnLink(info *prefixInfo) bool {
	if !info.onLink { // says nothing, not that it is not
		return true
	}
	k := slices.IndexFunc(i.onLink, func(l linkPrefix) bool { return l.prefix == info.prefix })
	until := i.lifetimeEnd(info.valid)
	switch {
	case k >= 0:
		i.onLink[k].until = until
	case info.valid == 0:
		return true
	case len(i.onLink) >= i.limits.Prefixes:
		return false
	default:
		i.onLink = append(i.onLink, linkPrefix{info.prefix, until})
		i.routesStale = true
		until = i.now
	}
	i.dueBy(until)
	return true
}

// ageRouters forgets routers and networks whose time is over, and brings the routes up to date. It gives when next.
func (i *Interface) ageRouters() tcp.Instant {
	next := tcp.Never
	for k := len(i.routers) - 1; k >= 0; k-- {
		if i.routers[k].until <= i.now {
			i.dropRouter(i.routers[k].addr)
		} else {
			next = min(next, i.routers[k].until)
		}
	}
	n := len(i.onLink)
	i.onLink = slices.DeleteFunc(i.onLink, func(l linkPrefix) bool { return l.until <= i.now })
	for _, l := range i.onLink {
		next = min(next, l.until)
	}
	next = min(next, i.forgetRoutes(func(r *learnedRoute) bool { return r.until <= i.now }))
	if i.routesStale || n != len(i.onLink) {
		if i.routesStale = !i.rerouting.takeOne(i.now); i.routesStale {
			return min(next, i.now.Add(rerouteLater))
		}
		i.updateRoutes()
	}
	return next
}

// The table is made anew, and all packets' ways looked up again, so often at most because of what routers say: whoever
// is on the link can say anything, and as often as it likes.
const (
	reroutesPerSecond = 500
	rerouteLater      = 2 * time.Millisecond
)

// updateRoutes makes the table anew from what Config says and what routers say. However many messages came, it is done
// once a poll.
func (i *Interface) updateRoutes() {
	t := slices.Clone(i.configured)
	for _, r := range i.added {
		t = append(t, tableEntry{prefix: r.Prefix.Masked(), via: r.Via})
	}
	for _, l := range i.onLink {
		t = append(t, tableEntry{prefix: l.prefix})
	}
	for _, r := range i.learnedRoutes {
		t = append(t, tableEntry{prefix: r.prefix, via: r.via, preference: r.preference})
	}
	for _, r := range i.routers {
		t = append(t, tableEntry{prefix: netip.PrefixFrom(netip.IPv6Unspecified(), 0), via: r.addr, preference: r.preference})
	}
	t.sort()
	for a := range i.deadRouters {
		if !t.leadsTo(a) {
			delete(i.deadRouters, a)
		}
	}
	t.mark(i.deadRouters)
	i.routes = t
	i.reroute()
}
