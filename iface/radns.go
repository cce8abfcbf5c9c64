package iface

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"smoltls/tcp"
)

// DNS servers and the domains in which names are completed, as routers advertise them (RFC 8106).

const (
	optDNSServers    = 25 // RFC 8106 §5.1, RDNSS
	optSearchDomains = 31 // RFC 8106 §5.2, DNSSL
	dnsOptionHeader  = 6  // of the option's content: two reserved bytes, and the lifetime
)

// lasting is what routers say, until they say it no longer.
type lasting[T comparable] struct {
	what  T
	until tcp.Instant
}

// learnedDNS is what routers have said of DNS.
type learnedDNS struct {
	servers []lasting[netip.Addr]
	domains []lasting[string]
	event   func()
}

// DNSServers gives the DNS servers that routers advertise, in the order in which they were first heard of (RFC 8106
// §5.1), at most Limits.DNSServers. A link-local one is on this link.
func (i *Interface) DNSServers() []netip.Addr { return whats(i.dns.servers) }

// SearchDomains gives the domains in which routers say that names are to be completed (RFC 8106 §5.2), without the last
// dot, at most Limits.DNSServers.
func (i *Interface) SearchDomains() []string { return whats(i.dns.domains) }

func whats[T comparable](all []lasting[T]) (w []T) {
	for _, l := range all {
		w = append(w, l.what)
	}
	return w
}

// takeDNS takes an option of a router advertisement, if it is one of these. false: something had no place.
func (i *Interface) takeDNS(kind byte, v []byte) bool {
	if kind != optDNSServers && kind != optSearchDomains || len(v) < dnsOptionHeader {
		return true
	}
	until, changed, full := i.lifetimeEnd(binary.BigEndian.Uint32(v[2:])), false, false
	note := func(news, fits bool) { changed, full = changed || news, full || !fits }
	if kind == optDNSServers {
		for _, a := range parseServers(v[dnsOptionHeader:]) {
			note(learn(&i.dns.servers, a, until, i.now, i.limits.DNSServers))
		}
	} else {
		for _, d := range parseDomains(v[dnsOptionHeader:]) {
			note(learn(&i.dns.domains, d, until, i.now, i.limits.DNSServers))
		}
	}
	i.dueBy(until)
	if changed {
		i.dns.tell()
	}
	return !full
}

func (d *learnedDNS) tell() {
	if d.event != nil {
		d.event()
	}
}

// learn notes that what holds until a time, or, if that is now, no longer (RFC 8106 §5.1).
func learn[T comparable](all *[]lasting[T], what T, until, now tcp.Instant, most int) (news, fits bool) {
	k := slices.IndexFunc(*all, func(l lasting[T]) bool { return l.what == what })
	switch {
	case until <= now && k < 0:
		return false, true
	case until <= now:
		*all = slices.Delete(*all, k, k+1)
		return true, true
	case k >= 0:
		(*all)[k].until = until
		return false, true
	case len(*all) >= most:
		return false, false
	}
	*all = append(*all, lasting[T]{what, until})
	return true, true
}

// ageDNS forgets what nobody says any more. It gives when next.
func (i *Interface) ageDNS() tcp.Instant {
	n := len(i.dns.servers) + len(i.dns.domains)
	next := min(forget(&i.dns.servers, i.now), forget(&i.dns.domains, i.now))
	if len(i.dns.servers)+len(i.dns.domains) < n {
		i.dns.tell()
	}
	return next
}

func forget[T comparable](all *[]lasting[T], now tcp.Instant) tcp.Instant {
	next := tcp.Never
	*all = slices.DeleteFunc(*all, func(l lasting[T]) bool { return l.until <= now })
	for _, l := range *all {
		next = min(next, l.until)
	}
	return next
}

// parseServers reads the addresses of an option, without those that no server can have. An option whose length is
// impossible has none (RFC 8106 §5.3.1).
func parseServers(v []byte) (all []netip.Addr) {
	if len(v)%16 != 0 {
		return nil
	}
	for ; len(v) > 0; v = v[16:] {
		if a := netip.AddrFrom16([16]byte(v)); !a.IsUnspecified() && !a.IsMulticast() && !a.IsLoopback() && !a.Is4In6() {
			all = append(all, a)
		}
	}
	return all
}

// parseDomains reads the names of an option: labels without compression, each name with an empty one at its end, and
// zeros to fill up (RFC 8106 §5.2). One that no domain can have ends the list: it would be found in files and on
// command lines.
func parseDomains(v []byte) (all []string) {
	var labels []string
	for len(v) > 0 {
		n := int(v[0])
		if n == 0 && labels == nil || 1+n > len(v) || n > maxLabel || !isLabel(v[1:1+n]) {
			return all
		}
		if n > 0 {
			labels = append(labels, string(v[1:1+n]))
		} else if d := strings.Join(labels, "."); len(d) <= maxDomain {
			all, labels = append(all, d), nil
		} else {
			return all
		}
		v = v[1+n:]
	}
	return all
}

// Lengths of names (RFC 1035 §2.3.4, §3.1), without the last dot.
const maxLabel, maxDomain = 63, 253

func isLabel(b []byte) bool {
	for _, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
