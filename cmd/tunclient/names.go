package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"

	"smoltls/cmd/internal/cli"
	"smoltls/dns"
	"smoltls/netconn"
)

// names looks names up: first among those that the user has given, then by DNS over our own stack. The servers are
// looked for when the first name needs them.
type names struct {
	given   map[string][]netip.Addr
	runner  *netconn.Runner
	servers func() (servers []netip.AddrPort, saidBy string, err error)

	once     sync.Once
	resolver *netconn.DNSResolver
	asked    string // the servers, for an error
	err      error
}

// LookupNetIP implements netconn.Resolver.
func (n *names) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if given, ok := n.given[strings.ToLower(host)]; ok {
		return ofFamily(given, network == "ip6"), nil
	}
	n.once.Do(n.open)
	if n.err != nil {
		return nil, n.err
	}
	addrs, err := n.resolver.LookupNetIP(ctx, network, host)
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", err, n.asked)
	}
	return addrs, nil
}

func (n *names) open() {
	servers, saidBy, err := n.servers()
	if err != nil {
		n.err = err
		return
	}
	var list []string
	for _, s := range servers {
		if s.Port() == dns.Port {
			list = append(list, s.Addr().String())
		} else {
			list = append(list, s.String())
		}
	}
	n.asked = fmt.Sprintf("asked %s, by %s", cmp.Or(strings.Join(list, ", "), "the servers of the lease"), saidBy)
	n.resolver, n.err = n.runner.NewResolver(dns.Config{Servers: servers})
}

func ofFamily(all []netip.Addr, six bool) (some []netip.Addr) {
	for _, a := range all {
		if a.Is6() == six {
			some = append(some, a)
		}
	}
	return some
}

// nameservers gives the servers to ask: those of -dns, or else the lease's, none being named, or else the host's.
func (c *config) nameservers() ([]netip.AddrPort, string, error) {
	if len(c.dns) > 0 {
		return c.dns, "-dns", nil
	}
	if c.DHCP {
		return nil, "DHCP", nil
	}
	return cli.HostNameservers()
}

// addNameserver takes ADDRESS or ADDRESS:PORT.
func (c *fetching) addNameserver(s string) error {
	if len(c.dns) == dns.MaxServers {
		return fmt.Errorf("%d are enough", dns.MaxServers)
	}
	at, err := netip.ParseAddrPort(s)
	if err != nil {
		var a netip.Addr
		if a, err = netip.ParseAddr(strings.Trim(s, "[]")); err != nil {
			return fmt.Errorf("want an IP address, such as 192.0.2.53 or [2001:db8::53]:5353")
		}
		at = netip.AddrPortFrom(a, dns.Port)
	}
	if at.Port() == 0 {
		return fmt.Errorf("port 0 is no server's")
	}
	c.dns = append(c.dns, netip.AddrPortFrom(at.Addr().WithZone("").Unmap(), at.Port()))
	return nil
}

// addName takes NAME=ADDRESS.
func (c *fetching) addName(s string) error {
	name, address, _ := strings.Cut(s, "=")
	a, err := netip.ParseAddr(address)
	if err != nil || name == "" || net.ParseIP(name) != nil {
		return fmt.Errorf("want NAME=ADDRESS, such as server.example=192.0.2.1")
	}
	if c.given == nil {
		c.given = make(map[string][]netip.Addr)
	}
	name = strings.ToLower(name)
	c.given[name] = append(c.given[name], a.WithZone("").Unmap())
	return nil
}
