package netconn

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// lookup is the answer to one question about a name.
type lookup struct {
	six   bool // about its IPv6 addresses
	addrs []netip.Addr
	err   error
}

// look finds the addresses of host: at once when it is one, otherwise by questions whose answers are learnt later,
// IPv6's first (RFC 8305 §3).
func (r *race) look(ctx context.Context, resolver Resolver, network, host string) error {
	if !suits(network, netip.IPv4Unspecified()) && !suits(network, netip.IPv6Unspecified()) {
		return net.UnknownNetworkError(network)
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if !suits(network, addr) {
			return &net.AddrError{Err: "not an address of network " + network, Addr: host}
		}
		r.candidates.add(addr.Unmap())
		return nil
	}
	if resolver == nil {
		return noResolver(host)
	}
	r.lookups = make(chan lookup, 2) // so that nobody waits for a race that is over
	for _, q := range []struct {
		name string
		six  bool
		any  netip.Addr
	}{{"ip6", true, netip.IPv6Unspecified()}, {"ip4", false, netip.IPv4Unspecified()}} {
		if !suits(network, q.any) {
			continue
		}
		r.asked++
		go func() {
			addrs, err := resolver.LookupNetIP(ctx, q.name, host)
			r.lookups <- lookup{q.six, addrs, err}
		}()
	}
	return nil
}

func noResolver(host string) error { return fmt.Errorf("%w: %q", ErrNoResolver, host) }

// learn takes the answer to a question.
func (r *race) learn(l lookup, now time.Time) {
	r.asked--
	if l.err != nil && r.lookupErr == nil {
		r.lookupErr = l.err
	}
	for _, a := range ofFamily(l.addrs, l.six) {
		r.candidates.add(a)
	}
	switch {
	case l.six:
		r.holdUntil = time.Time{}
	case r.asked > 0: // IPv6's may be on their way
		r.holdUntil = now.Add(r.resolutionDelay)
	}
	if len(l.addrs) == 0 && l.err == nil && r.lookupErr == nil {
		r.lookupErr = &net.DNSError{Err: "no address", IsNotFound: true}
	}
}

// ofFamily gives what is of the family that was asked for, of the first MaxAddresses: a Resolver is the caller's, and
// may give anything.
func ofFamily(addrs []netip.Addr, six bool) (some []netip.Addr) {
	for _, a := range addrs[:min(len(addrs), MaxAddresses)] {
		if a = a.Unmap(); a.Is6() == six {
			some = append(some, a)
		}
	}
	return some
}

// candidates are the addresses that were not tried yet.
type candidates struct {
	six, four []netip.Addr
	last6     bool // the last that was given was IPv6's
}

func (c *candidates) add(a netip.Addr) {
	if a.Is6() {
		c.six = append(c.six, a)
	} else {
		c.four = append(c.four, a)
	}
}

func (c *candidates) empty() bool { return len(c.six)+len(c.four) == 0 }

// next gives the families in turns, IPv6 first (RFC 8305 §4). There must be one.
func (c *candidates) next() netip.Addr {
	from := &c.six
	if c.last6 && len(c.four) > 0 || len(c.six) == 0 {
		from = &c.four
	}
	a := (*from)[0]
	*from = (*from)[1:]
	c.last6 = a.Is6()
	return a
}
