package iface

import (
	"net/netip"
	"time"

	"smoltls/tcp"
)

// Several routers for one network: the first is used until it does not answer, then the next, until the first answers
// again (RFC 4861 §6.3.6).

// routerProbe is how long a router that did not answer is left in peace (RFC 4191 §3.1).
const routerProbe = 60 * time.Second

// hopFailed: the neighbour a has not answered. If it is a router and there is another one for some network, that is
// used.
func (i *Interface) hopFailed(a netip.Addr) {
	i.unredirect(a)
	if _, known := i.deadRouters[a]; known || !i.routes.replaceable(a) {
		return
	}
	if i.deadRouters == nil {
		i.deadRouters = make(map[netip.Addr]tcp.Instant)
	}
	i.deadRouters[a] = i.now.Add(routerProbe)
	i.dueBy(i.now.Add(routerProbe))
	i.stats.RoutersDead++
	i.routes.mark(i.deadRouters)
	i.reroute()
}

// hopAnswers: the neighbour a has answered.
func (i *Interface) hopAnswers(a netip.Addr) {
	if len(i.deadRouters) == 0 {
		return
	}
	if _, dead := i.deadRouters[a]; dead {
		delete(i.deadRouters, a)
		i.routes.mark(i.deadRouters)
		i.reroute()
	}
}

// probeRouters asks for dead routers from time to time. It gives when next.
func (i *Interface) probeRouters() tcp.Instant {
	next := tcp.Never
	for a, at := range i.deadRouters {
		if at <= i.now {
			if nb := i.neighbors.get(a); nb != nil && !nb.asking && !nb.wanted {
				i.request(nb)
			}
			at = i.now.Add(routerProbe)
			i.deadRouters[a] = at
		}
		next = min(next, at)
	}
	return next
}

// mark notes which entries lead to dead routers.
func (t routeTable) mark(dead map[netip.Addr]tcp.Instant) {
	for k := range t {
		_, t[k].dead = dead[t[k].via]
	}
}

// replaceable reports whether a is the router of some network that has another one.
func (t routeTable) replaceable(a netip.Addr) bool {
	for _, e := range t {
		if e.via != a {
			continue
		}
		for _, other := range t {
			if other.prefix == e.prefix && other.via.IsValid() && other.via != a {
				return true
			}
		}
	}
	return false
}
