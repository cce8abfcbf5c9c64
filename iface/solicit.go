package iface

import (
	"net/netip"
	"time"

	"smoltls/tcp"
)

// Router solicitations (RFC 4861 §6.3.7), repeated until a router answers, ever more rarely (RFC 7559).
const (
	firstSolicitation = 4 * time.Second // RFC 7559 §2, IRT
	maxSolicitation   = time.Hour       // MRT
)

var allRouters = netip.MustParseAddr("ff02::2")

// solicitor asks for routers.
type solicitor struct {
	at    tcp.Instant   // next time; Never: there is one, or nobody may ask
	every time.Duration // since the last time; 0: there was none
}

// beginSoliciting asks for routers, now that we have an address: at once, because the stations of a link that came up
// together have waited for different times before they tested theirs, or else after such a time (RFC 4861 §6.3.7).
func (i *Interface) beginSoliciting() {
	if !i.autoconf {
		return
	}
	i.solicitor = solicitor{at: i.now}
	if i.dadTransmits <= 0 {
		i.solicitor.at = i.now.Add(i.randomDelay(maxFirstDelay))
	}
	i.dueBy(i.solicitor.at)
}

// solicitRouters asks for routers if it is time. It gives when next.
func (i *Interface) solicitRouters() tcp.Instant {
	s := &i.solicitor
	if s.at > i.now {
		return s.at
	}
	from := i.linkLocal()
	switch {
	case from == nil:
		s.at = tcp.Never // the next link-local address asks
	case !i.sendSolicitation(from.addr()):
		s.at = i.now.Add(busyDevice)
	default:
		s.every = min(2*s.every, maxSolicitation)
		if s.every == 0 {
			s.every = firstSolicitation
		}
		// A tenth more or less (RFC 7559 §2, as RFC 8415 §15).
		s.at = i.now.Add(s.every - s.every/10 + i.randomDelay(s.every/5))
	}
	return s.at
}

// sendSolicitation asks all routers (RFC 4861 §4.1).
func (i *Interface) sendSolicitation(from netip.Addr) bool {
	m := make([]byte, 8, 16)
	m[0] = typeRouterSolicitation
	m = append(m, optSourceLinkAddr, 1)
	m = append(m, i.hw[:]...)
	return i.sendICMPv6(from, allRouters, ndpHops, m)
}
