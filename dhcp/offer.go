package dhcp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/iface"
)

// infinite is the lease time that never ends (RFC 2131 §3.3).
const infinite = ^uint32(0)

// readLease reads what an offer or an acknowledgement gives, to a request that was sent at begin. An error is
// errMalformed.
func (c *Client) readLease(m *message, begin time.Time) (l Lease, err error) {
	seconds, said := m.options.seconds(layers.DHCPOptLeaseTime)
	bits, ok := maskBits(m)
	l = Lease{Addr: netip.PrefixFrom(m.yours, bits), Server: m.server, Begin: begin}
	switch {
	case !said || seconds == 0:
		return l, fmt.Errorf("%w: no lease time", errMalformed)
	case !isStation(m.server):
		return l, fmt.Errorf("%w: server identifier %v", errMalformed, m.server)
	case !ok || !isHost(l.Addr):
		return l, fmt.Errorf("%w: address %v", errMalformed, l.Addr)
	}
	c.times(&l, m, seconds)
	l.DNS, l.NTP = m.options.addrs(layers.DHCPOptDNS, c.cfg.Limits.Servers), m.options.addrs(optNTP, c.cfg.Limits.Servers)
	l.Domain = domain(m.options[layers.DHCPOptDomainName])
	if v := m.options[layers.DHCPOptInterfaceMTU]; len(v) == 2 && binary.BigEndian.Uint16(v) >= leastMTU {
		l.MTU = int(binary.BigEndian.Uint16(v))
	}
	c.routes(&l, m)
	for _, t := range c.cfg.Options {
		if v, given := m.options[layers.DHCPOpt(t)]; given {
			if l.Options == nil {
				l.Options = make(map[uint8][]byte)
			}
			l.Options[t] = v
		}
	}
	return l, nil
}

// leastMTU is the least that is believed: every station takes packets of that length (RFC 791 §3.1), and who says less
// wants to make headers of us.
const leastMTU = 576

// maskBits gives the length of the network of the address: by the mask, or without one by its class (RFC 950 §2.1).
func maskBits(m *message) (bits int, ok bool) {
	v, said := m.options[layers.DHCPOptSubnetMask]
	if !said {
		switch b := m.yours.As4()[0]; {
		case b < 128:
			return 8, true
		case b < 192:
			return 16, true
		}
		return 24, true
	}
	if len(v) != 4 {
		return 0, false
	}
	mask := binary.BigEndian.Uint32(v)
	for mask<<bits != 0 {
		bits++
	}
	return bits, bits > 0 && mask == ^uint32(0)<<(32-bits)
}

// isHost reports whether the address of p can be a station's in its network: neither the network's own nor its
// broadcast address.
func isHost(p netip.Prefix) bool {
	if !isStation(p.Addr()) {
		return false
	}
	b := p.Addr().As4()
	host := binary.BigEndian.Uint32(b[:]) & (1<<(32-p.Bits()) - 1)
	return p.Bits() >= 31 || host != 0 && host != 1<<(32-p.Bits())-1
}

// times reads when the lease is to be renewed and when it ends (RFC 2131 §4.4.5). Times that make no sense are chosen
// by us.
func (c *Client) times(l *Lease, m *message, seconds uint32) {
	if seconds == infinite {
		return
	}
	d := time.Duration(seconds) * time.Second
	l.End = l.Begin.Add(d)
	t1, said1 := m.options.seconds(layers.DHCPOptT1)
	t2, said2 := m.options.seconds(layers.DHCPOptT2)
	renew, rebind := time.Duration(t1)*time.Second, time.Duration(t2)*time.Second
	if !said2 || rebind >= d || rebind == 0 {
		rebind = d / 8 * 7
		said1 = said1 && renew < rebind
	}
	if !said1 || renew >= rebind || renew == 0 {
		renew = min(d/2, rebind/7*4)
		renew -= c.upTo(renew / 16) // RFC 2131 §4.4.5: stations that began together do not renew together
	}
	l.Renew, l.Rebind = l.Begin.Add(renew), l.Begin.Add(rebind)
}

// routes reads how other networks are reached: by the routes of option 121, or by the routers of option 3 where it is
// not there (RFC 3442).
func (c *Client) routes(l *Lease, m *message) {
	most := c.cfg.Limits.Routes
	if v, given := m.options[layers.DHCPOptClasslessStaticRoute]; given {
		if routes, ok := classless(v); ok {
			l.Routes = routes[:min(len(routes), most)]
			for _, r := range l.Routes {
				if r.Prefix.Bits() == 0 && r.Via.IsValid() {
					l.Routers = append(l.Routers, r.Via)
				}
			}
			return
		}
	}
	l.Routers = m.options.addrs(layers.DHCPOptRouter, most)
	for _, r := range l.Routers {
		l.Routes = append(l.Routes, iface.Route{Prefix: everywhere, Via: r})
	}
}

var everywhere = netip.PrefixFrom(netip.IPv4Unspecified(), 0)

// classless reads option 121 (RFC 3442). false: it is malformed, or empty.
func classless(v []byte) (all []iface.Route, ok bool) {
	for len(v) > 0 {
		bits := int(v[0])
		n := (bits + 7) / 8
		if bits > 32 || len(v) < 1+n+4 {
			return nil, false
		}
		var dst [4]byte
		copy(dst[:], v[1:1+n])
		r := iface.Route{Prefix: netip.PrefixFrom(netip.AddrFrom4(dst), bits).Masked()}
		if via := netip.AddrFrom4([4]byte(v[1+n:])); isStation(via) {
			r.Via = via
		} else if !via.IsUnspecified() { // 0.0.0.0: on the link
			return nil, false
		}
		all = append(all, r)
		v = v[1+n+4:]
	}
	return all, len(all) > 0
}

// domain gives a domain's name, if it can be one: it ends up in files and on command lines.
func domain(v []byte) string {
	s := strings.TrimSuffix(strings.TrimRight(string(v), "\x00"), ".")
	const longest = 253 // RFC 1035 §3.1
	if s == "" || len(s) > longest {
		return ""
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			return ""
		}
	}
	return s
}
