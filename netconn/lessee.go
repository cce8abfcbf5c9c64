package netconn

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"smoltls/dhcp"
	"smoltls/dns"
	"smoltls/iface"
)

// lessee is a Runner's DHCP client, if it has one, and hears what routers say of DNS servers.
type lessee struct {
	client   *dhcp.Client // nil: there is none
	keep     bool
	autoconf bool // routers are heard
	news     gate
	changed  bool // something has happened since the last poll
	r        *Runner
}

// hearRouters has routers' DNS servers (RFC 8106) noticed.
func (l *lessee) hearRouters(c *iface.Config) {
	l.autoconf = c.Autoconf
	event := c.DNSEvent
	c.DNSEvent = func() {
		l.changed = true
		if event != nil {
			event()
		}
	}
}

func (l *lessee) init(r *Runner, c *Config) (err error) {
	l.r, l.keep = r, c.KeepLease
	l.news.init(&r.mu)
	if c.DHCP == nil {
		return nil
	}
	cfg := *c.DHCP
	cfg.Event = func(e dhcp.Event) {
		l.changed = true
		if c.DHCP.Event != nil {
			c.DHCP.Event(e)
		}
	}
	l.client, err = dhcp.New(r.ifc, cfg)
	return err
}

func (l *lessee) poll(now time.Time) {
	if l.client != nil {
		l.client.Poll(now)
	}
	if !l.changed {
		return
	}
	l.changed = false
	l.news.wake()
	for _, d := range l.r.resolvers {
		if d.learned {
			_ = d.useLearned() // what can be wrong was found when it was made
		}
	}
}

func (l *lessee) pollAt() time.Time {
	if l.client == nil {
		return time.Time{}
	}
	return l.client.PollAt()
}

// ended gives the lease back, and reports when that is done.
func (l *lessee) ended(now time.Time) bool {
	switch {
	case l.client == nil:
		return true
	case l.keep:
		l.client.Close()
	case l.client.State() != dhcp.StateReleasing:
		l.client.Release(now)
	}
	return l.client.State() == dhcp.StateClosed
}

// WaitConfigured waits until DHCP has configured the Runner, and gives the lease. Errors: [ErrConfig] without
// Config.DHCP, net.ErrClosed, and ctx's, with what has failed so far beside it (dhcp.ErrNoAnswer).
func (r *Runner) WaitConfigured(ctx context.Context) (dhcp.Lease, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.lessee.client
	if c == nil {
		return dhcp.Lease{}, fmt.Errorf("%w: no Config.DHCP to wait for", ErrConfig)
	}
	defer context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.lessee.news.wake()
	})()
	for {
		lease, ok := c.Lease()
		switch {
		case r.closed():
			return dhcp.Lease{}, r.whyClosed()
		case ok:
			return lease, nil
		case ctx.Err() != nil:
			return dhcp.Lease{}, errors.Join(ctx.Err(), c.Err())
		}
		r.lessee.news.wait()
	}
}

// Lease gives the lease by which the Runner is configured now; false: there is none.
func (r *Runner) Lease() (dhcp.Lease, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lessee.client == nil {
		return dhcp.Lease{}, false
	}
	return r.lessee.client.Lease()
}

// servers are those of the lease, and then those that routers advertise, as many as a client takes.
func (l *lessee) servers() (all []netip.Addr) {
	if l.client != nil {
		lease, _ := l.client.Lease()
		all = lease.DNS
	}
	all = append(all, l.r.ifc.DNSServers()...)
	return all[:min(len(all), dns.MaxServers)]
}

// useLearned makes d ask the servers of the lease and of routers. Without any it goes on as it is.
func (d *DNSResolver) useLearned() (err error) {
	port := uint16(dns.Port)
	if d.cfg.TLS != nil {
		port = dns.TLSPort
	}
	var servers []netip.AddrPort
	for _, a := range d.r.lessee.servers() {
		servers = append(servers, netip.AddrPortFrom(a, port))
	}
	switch {
	case len(servers) == 0:
	case d.client != nil:
		err = d.client.SetServers(servers)
	default:
		d.cfg.Servers = servers
		d.client, err = dns.New(d.r.ifc, d.cfg)
	}
	d.news.wake()
	return err
}

// errNoNameServer: there is a lease, and whom to ask is not in it.
var errNoNameServer = errors.New("netconn: the DHCP server has named no name server")

// untilServers waits until there is a server to ask.
func (d *DNSResolver) untilServers(ctx context.Context) error {
	l := &d.r.lessee
	for d.client == nil {
		leased := false
		if l.client != nil {
			_, leased = l.client.Lease()
		}
		switch {
		case d.r.closed():
			return d.r.whyClosed()
		case leased && !l.autoconf:
			return errNoNameServer
		case ctx.Err() != nil:
			return ctx.Err()
		}
		d.news.wait()
	}
	return nil
}
