package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/set"
)

// DNSResolver looks names up over a Runner's own stack: a dns.Client that the Runner polls, with calls that block. It
// is what [Dialer].Resolver wants, and starts no goroutine.
type DNSResolver struct {
	r       *Runner
	client  *dns.Client // nil: there are no servers to ask
	cfg     dns.Config
	learned bool // the servers are those of the lease and of routers
	news    gate
}

// NewResolver makes a resolver. c.Sockets is the Runner's matter. Without c.Servers those of the lease are asked
// (Config.DHCP), and those that routers advertise (iface.Config.Autoconf), whichever they are at the time, and a
// look-up waits for them. Errors: dns.ErrConfig, and net.ErrClosed.
func (r *Runner) NewResolver(c dns.Config) (*DNSResolver, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed() {
		return nil, r.whyClosed()
	}
	c.Sockets = r.tlss
	d := &DNSResolver{r: r, cfg: c, learned: len(c.Servers) == 0 && (r.lessee.client != nil || r.lessee.autoconf)}
	d.news.init(&r.mu)
	var err error
	if d.learned {
		err = d.useLearned()
	} else {
		d.client, err = dns.New(r.ifc, c)
	}
	if err != nil {
		return nil, err
	}
	r.resolvers = append(r.resolvers, d)
	return d, nil
}

// LookupNetIP gives the addresses of host: IPv4's for network "ip4", IPv6's for "ip6", both for "ip", IPv6's first. It
// blocks until there is an answer or ctx is done. An error is a *net.DNSError, in which errors.Is finds that of package
// dns.
func (d *DNSResolver) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	var types []dns.Type
	switch network {
	case "ip4":
		types = []dns.Type{dns.A}
	case "ip6":
		types = []dns.Type{dns.AAAA}
	case "ip":
		types = []dns.Type{dns.AAAA, dns.A}
	default:
		return nil, net.UnknownNetworkError(network)
	}
	return d.lookup(ctx, host, types)
}

func (d *DNSResolver) lookup(ctx context.Context, host string, types []dns.Type) (addrs []netip.Addr, err error) {
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	d.r.tick()
	defer context.AfterFunc(ctx, func() {
		d.r.mu.Lock()
		defer d.r.mu.Unlock()
		d.news.wake()
	})()
	if err := d.untilServers(ctx); err != nil {
		return nil, d.fault(host, err)
	}
	var queries []*dns.Query
	for _, typ := range types {
		q, err := d.client.Lookup(d.r.now(), host, typ)
		if err != nil {
			return nil, d.fault(host, err)
		}
		defer q.Cancel()
		queries = append(queries, q)
	}
	if d.r.asleep { // a look-up has a timer of its own besides what it left to send
		d.r.rouse()
	}
	for _, q := range queries {
		for !q.Done() {
			if err := ctx.Err(); err != nil {
				return nil, d.fault(host, err)
			}
			if d.r.dead {
				return nil, d.fault(host, d.r.whyClosed())
			}
			d.news.wait()
		}
		a, failed := q.Answer()
		addrs = append(addrs, a.Addrs...)
		if failed != nil && (err == nil || errors.Is(err, dns.ErrNoData)) {
			err = failed
		}
	}
	if len(addrs) > 0 {
		return addrs, nil
	}
	return nil, d.fault(host, err)
}

// fault is err as the net package gives it.
func (d *DNSResolver) fault(host string, err error) error {
	return &lookupError{err: err, DNSError: net.DNSError{
		Err: explain(err).Error(), Name: host, IsTimeout: errors.Is(err, dns.ErrTimeout) || errors.Is(err, context.DeadlineExceeded),
		IsTemporary: errors.Is(err, dns.ErrTimeout) || errors.Is(err, dns.ErrServer) || errors.Is(err, dns.ErrBusy),
		IsNotFound:  errors.Is(err, dns.ErrNotFound) || errors.Is(err, dns.ErrNoData),
	}}
}

// lookupError is a net.DNSError, for errors.As, and what it is made of, for errors.Is.
type lookupError struct {
	net.DNSError
	err error
}

// Unwrap gives both.
func (e *lookupError) Unwrap() []error { return []error{&e.DNSError, explain(e.err)} }

// Stats counts what the resolver did.
func (d *DNSResolver) Stats() (s dns.Stats) {
	d.r.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) {
		if d.client != nil {
			s = d.client.Stats()
		}
	})
	return s
}

// poll lets the look-ups go on.
func (d *DNSResolver) poll(now time.Time) {
	if d.client != nil {
		d.client.Poll(now)
	}
	d.news.wake()
}

func (d *DNSResolver) pollAt() time.Time {
	if d.client == nil {
		return time.Time{}
	}
	return d.client.PollAt()
}

// end ends the look-ups.
func (d *DNSResolver) end() {
	if d.client != nil {
		d.client.Close()
	}
	d.news.wake()
}
