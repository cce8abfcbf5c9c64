package iface

import (
	"fmt"
	"slices"

	"smoltls/phy"
)

// AddRoute has packets to r.Prefix sent by way of r.Via, or straight to whom they are for, if that is the zero Addr:
// the network is on the link. Of several routes to the same network the first is used, as long as its router answers.
// Adding a route twice does nothing. Errors: [ErrConfig], of a router too that is in no network on the link.
func (i *Interface) AddRoute(r Route) error {
	r = r.clean()
	switch {
	case !r.Prefix.IsValid() || r.Via.IsValid() && r.Prefix.Addr().Is4() != r.Via.Is4():
		return fmt.Errorf("%w: route to %v via %v", ErrConfig, r.Prefix, r.Via)
	case r.Via.IsValid() && i.dev.Medium() == phy.MediumEthernet && !i.routes.onLink(r.Via):
		return fmt.Errorf("%w: router %v is in none of our networks", ErrConfig, r.Via)
	}
	if !slices.Contains(i.added, r) {
		i.added = append(i.added, r)
		i.refreshRoutes()
	}
	return nil
}

// RemoveRoute undoes AddRoute, and reports whether there was something to undo.
func (i *Interface) RemoveRoute(r Route) bool {
	k := slices.Index(i.added, r.clean())
	if k < 0 {
		return false
	}
	i.added = slices.Delete(i.added, k, k+1)
	i.refreshRoutes()
	return true
}

// Routes gives the routes in force, those to networks on the link among them, in the order in which they are looked at.
// Via is the zero Addr for what is on the link.
func (i *Interface) Routes() []Route {
	all := make([]Route, 0, len(i.routes))
	for _, e := range i.routes {
		all = append(all, Route{e.prefix, e.via})
	}
	return all
}

func (r Route) clean() Route {
	r.Prefix, r.Via = r.Prefix.Masked(), plain(r.Via)
	return r
}

// refreshRoutes brings the table up to date, without waiting for the next poll.
func (i *Interface) refreshRoutes() {
	i.routesStale = false
	i.updateRoutes()
}

// SetIPv4MTU says how long IPv4 packets may be, in bytes, where the link takes less than the device (RFC 2132 §5.1); it
// counts for connections that begin later. Zero undoes it. Errors: [ErrConfig]: less than 68, or more than MTU.
func (i *Interface) SetIPv4MTU(n int) error {
	switch {
	case n == 0:
		n = i.mtu
	case n < minMTU4 || n > i.mtu:
		return fmt.Errorf("%w: MTU %d, must be %d to %d", ErrConfig, n, minMTU4, i.mtu)
	}
	i.mtu4 = n
	return nil
}
