package dhcp

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"smoltls/iface"
)

// granted: the server has given the lease that was asked for. Its address is tested first.
func (c *Client) granted(now time.Time, l *Lease) {
	c.lease = *l
	c.enter(StateTesting, time.Time{}) // the interface knows until when
	err := c.ifc.AddAddr(now, iface.AddrConfig{Prefix: l.Addr, ValidUntil: l.End, Probes: c.cfg.Probes, ProbeInterval: c.probeInterval(l)})
	if err != nil {
		c.fail(now, fmt.Errorf("%w: %w", ErrConfigured, err))
		return
	}
	c.watch(now)
}

// probeInterval is such that the test of the address of a short lease ends in half of the time before it is to be
// renewed.
func (c *Client) probeInterval(l *Lease) time.Duration {
	if l.End.IsZero() {
		return c.cfg.ProbeInterval
	}
	most := l.Renew.Sub(l.Begin) / 2 / time.Duration(max(c.cfg.Probes, 0)*2+2) // of the times between: two thirds to four thirds each, and two at the ends
	return max(time.Millisecond, min(c.cfg.ProbeInterval, most))
}

// bound: nobody else has the address.
func (c *Client) bound(now time.Time) {
	c.enter(StateBound, c.lease.Renew)
	c.err, c.failures = c.configure(), 0
	c.stats.Leases++
	c.tell(Bound, c.lease, c.err)
}

// renewed: the lease lasts longer.
func (c *Client) renewed(now time.Time, l *Lease) {
	c.lease = *l
	c.enter(StateBound, l.Renew)
	c.err = c.ifc.AddAddr(now, iface.AddrConfig{Prefix: l.Addr, ValidUntil: l.End, Probes: c.cfg.Probes})
	c.err = errors.Join(c.err, c.configure())
	c.stats.Renewals++
	c.tell(Renewed, c.lease, c.err)
}

// conflict: another station has the address (RFC 2131 §3.1 (5)).
func (c *Client) conflict(now time.Time) {
	c.stats.Conflicts++
	c.decline()
	wait := max(afterConflict, c.backoff(c.failures))
	c.failures++
	c.lose(now, ErrConflict)
	c.due, c.request = now.Add(wait), netip.Addr{}
}

// afterConflict is how long the client waits before it asks for another address (RFC 2131 §3.1 (5)).
const afterConflict = 10 * time.Second

// configure makes the interface what the lease says, besides the address. An error is about what the interface can't
// do; the rest is done.
func (c *Client) configure() (err error) {
	if want := c.lease.reachable(); !slices.Equal(want, c.added) {
		c.removeRoutes()
		for _, r := range want {
			if e := c.ifc.AddRoute(r); e != nil {
				err = errors.Join(err, fmt.Errorf("%w: %w", ErrConfigured, e))
				continue
			}
			c.added = append(c.added, r)
		}
	}
	return errors.Join(err, c.ifc.SetIPv4MTU(min(c.lease.MTU, c.ifc.MTU())))
}

// reachable gives the routes of the lease, before each whose router is in no network of ours one that says that the
// router is on the link: some servers give addresses without a network.
func (l *Lease) reachable() (all []iface.Route) {
	onLink := []netip.Prefix{l.Addr.Masked()}
	for _, r := range l.Routes {
		if !r.Via.IsValid() {
			onLink = append(onLink, r.Prefix)
		}
	}
	for _, r := range l.Routes {
		if r.Via.IsValid() && !slices.ContainsFunc(onLink, func(p netip.Prefix) bool { return p.Contains(r.Via) }) {
			router := netip.PrefixFrom(r.Via, 32)
			onLink = append(onLink, router)
			all = append(all, iface.Route{Prefix: router})
		}
	}
	return append(all, l.Routes...)
}

func (c *Client) removeRoutes() {
	for _, r := range c.added {
		c.ifc.RemoveRoute(r)
	}
	c.added = nil
}

// unconfigure takes all away again.
func (c *Client) unconfigure() {
	c.removeRoutes()
	_ = c.ifc.SetIPv4MTU(0)
	if c.state.holds() {
		_ = c.ifc.RemoveAddr(c.lease.Addr.Addr()) // ErrNotOurs: it has gone by itself
	}
	c.lease = Lease{}
}
