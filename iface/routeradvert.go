package iface

import (
	"encoding/binary"
	"net/netip"
	"time"

	"smoltls/tcp"
)

// Router advertisements (RFC 4861 §4.2, §6.3.4).
const (
	routerAdvertLen = 16
	prefixInfoLen   = 30 // of the option's content
	mtuOptionLen    = 6

	flagOnLink     = 0x80 // of a prefix information option
	flagAutonomous = 0x40

	leastHopLimit    = 32                     // less would be a way to keep our packets from getting anywhere
	maxReachableTime = time.Hour              // RFC 4861 §6.2.1: what a router may say
	minRetransTimer  = 100 * time.Millisecond // less would be a way to make us flood the link
	maxRetransTimer  = time.Minute
	refreshReachable = 2 * time.Hour // RFC 4861 §6.3.4: drawn anew every few hours
)

// routerAdvert is what a router says of itself and its link. Zero values: it does not say.
type routerAdvert struct {
	hopLimit   uint8
	preference int8          // 1, 0 or -1 (RFC 4191 §2.1)
	lifetime   time.Duration // as a default router; 0: it is none
	reachable  time.Duration
	retrans    time.Duration
	mtu        uint32
	mac        [6]byte
	hasMAC     bool
	options    []byte // prefixes are in there
}

// prefixInfo is a prefix information option (RFC 4861 §4.6.2).
type prefixInfo struct {
	prefix    netip.Prefix
	onLink    bool
	auto      bool
	valid     uint32 // seconds; all ones: for ever
	preferred uint32
}

// parseRouterAdvert reads a message that begins with its ICMP header. false: it is malformed (RFC 4861 §6.1.2).
func parseRouterAdvert(b []byte) (ra routerAdvert, ok bool) {
	if len(b) < routerAdvertLen || b[1] != 0 {
		return ra, false
	}
	ra.options = b[routerAdvertLen:]
	if ra.mac, ra.hasMAC, ok = linkAddrOption(ra.options, optSourceLinkAddr); !ok {
		return ra, false
	}
	ra.hopLimit = b[4]
	ra.preference, _ = preferenceOf(b[5]) // RFC 4191 §2.2: the reserved one is taken for 0
	ra.lifetime = time.Duration(binary.BigEndian.Uint16(b[6:])) * time.Second
	ra.reachable = time.Duration(binary.BigEndian.Uint32(b[8:])) * time.Millisecond
	ra.retrans = time.Duration(binary.BigEndian.Uint32(b[12:])) * time.Millisecond
	for kind, v := range ndpOptions(ra.options) {
		if kind == optMTU && len(v) == mtuOptionLen {
			ra.mtu = binary.BigEndian.Uint32(v[2:])
		}
	}
	return ra, true
}

// parsePrefixInfo reads the content of a prefix information option. What lies behind the prefix's length does not
// count.
func parsePrefixInfo(v []byte) (p prefixInfo, ok bool) {
	if len(v) != prefixInfoLen || v[0] > 128 {
		return p, false
	}
	a := netip.AddrFrom16([16]byte(v[14:30]))
	if a.Is4In6() || a.IsMulticast() {
		return p, false
	}
	p.prefix = netip.PrefixFrom(a, int(v[0])).Masked()
	p.onLink, p.auto = v[1]&flagOnLink != 0, v[1]&flagAutonomous != 0
	p.valid, p.preferred = binary.BigEndian.Uint32(v[2:]), binary.BigEndian.Uint32(v[6:])
	return p, true
}

// lifetimeEnd is when a lifetime of so many seconds that begins now is over.
func (i *Interface) lifetimeEnd(seconds uint32) tcp.Instant {
	if seconds == ^uint32(0) { // RFC 4861 §4.6.2
		return tcp.Never
	}
	return i.now.Add(time.Duration(seconds) * time.Second)
}

// receiveRouterAdvert takes what a router says (RFC 4861 §6.1.2, §6.3.4).
func (i *Interface) receiveRouterAdvert(p *packet) DropReason {
	from := netip.AddrFrom16(p.tuple.remote)
	ra, ok := parseRouterAdvert(p.payload)
	switch {
	case !ok, !from.IsLinkLocalUnicast():
		return DropMalformed
	case !i.autoconf:
		return DropAutoconfOff
	}
	i.stats.RouterAdverts++
	if ra.hopLimit >= leastHopLimit { // 0: it does not say
		i.hopLimit = ra.hopLimit
	}
	if mtu := int(min(ra.mtu, maxDatagram)); mtu >= minMTU6 { // RFC 4861 §6.3.4: between the least one and the link's
		i.mtu6 = min(mtu, i.mtu)
	}
	i.takeTimes(&ra)
	full := !i.takeRouter(from, &ra)
	if ra.hasMAC {
		if nb := i.neighbors.get(from); nb != nil {
			i.heard(nb, ra.mac)
		}
	}
	for kind, v := range ndpOptions(ra.options) {
		if kind == optRouteInfo {
			full = !i.takeRoute(v, from) || full
		}
		full = !i.takeDNS(kind, v) || full
		if kind != optPrefixInfo {
			continue
		}
		if info, ok := parsePrefixInfo(v); ok && !info.prefix.Addr().IsLinkLocalUnicast() {
			fits := i.takeOnLink(&info)
			full = !i.takeAutonomous(&info, from, p.toAll) || !fits || full
		}
	}
	if full {
		return DropAutoconfFull
	}
	return DropNone
}

// takeTimes takes how long neighbours are believed, and how often they are asked.
func (i *Interface) takeTimes(ra *routerAdvert) {
	nd := &i.neighbors.nd
	if r := min(ra.reachable, maxReachableTime); r != 0 && r != i.baseReachable {
		i.baseReachable = r
		i.drawReachable()
	}
	if ra.retrans != 0 {
		nd.retrans = max(minRetransTimer, min(ra.retrans, maxRetransTimer))
	}
}

// drawReachable chooses at random between half and one and a half of what the router says (RFC 4861 §6.3.2).
func (i *Interface) drawReachable() {
	i.neighbors.nd.reachable = i.baseReachable/2 + i.randomDelay(i.baseReachable)
	i.drawAt = i.now.Add(refreshReachable)
	i.dueBy(i.drawAt)
}

// redrawReachable does so every few hours. It gives when next.
func (i *Interface) redrawReachable() tcp.Instant {
	if i.drawAt <= i.now {
		i.drawReachable()
	}
	return i.drawAt
}
