package iface

import (
	"net/netip"
	"time"

	"smoltls/tcp"
)

// Path MTU discovery by ICMP (RFC 1191, RFC 8201): what a router says of a path, of which a packet of ours proves that
// we use it, is believed for a while.
const (
	pathMTULife  = 10 * time.Minute // RFC 1191 §6.3, RFC 8201 §5.3
	leastPathMTU = 552              // of IPv4: who says less wants to make headers of us
)

// plateaus are MTUs of links that there were (RFC 1191 §7.1), for routers that do not say theirs.
var plateaus = [...]int{32000, 17914, 8166, 4352, 2002, 1492, 1006, leastPathMTU}

// pathMTU is what is known of the path to an address.
type pathMTU struct {
	mtu     int // gets through
	expires tcp.Instant

	// Of a search (pathsearch.go).
	high    int         // more does not get through; 0: there is no search, a router has told
	probeAt tcp.Instant // not to be tried before
	probes  uint8       // of the size that is tried, that were lost
	halving bool        // high is known to be too much
}

// pathMTUTo gives the longest packet for a.
func (i *Interface) pathMTUTo(a netip.Addr) int {
	link := i.linkMTU(a)
	if len(i.paths) == 0 {
		return link
	}
	if p, known := i.path(a); known {
		return min(p.mtu, link)
	}
	return link
}

// PathMTU gives the longest IP packet, in bytes, that gets to a, as far as is known: what ICMP has told of the path, or
// else our own link's MTU.
func (i *Interface) PathMTU(a netip.Addr) int { return i.pathMTUTo(plain(a)) }

// room is how much may follow the IP header of a packet to a.
func (i *Interface) room(a netip.Addr) int {
	if a.Is4() {
		return i.pathMTUTo(a) - ipv4HeaderLen
	}
	return i.pathMTUTo(a) - ipv6HeaderLen
}

// narrowed takes an ICMP message that a packet of ours was longer than the mtu of a link on its way; 0: it does not
// say, over IPv4. That the packet can be ours has been seen to.
func (i *Interface) narrowed(q *quoted, mtu int) {
	if q.tuple.is4() {
		if mtu == 0 {
			mtu = plateauBelow(q.length)
		}
		mtu = max(mtu, leastPathMTU)
	}
	if a := q.tuple.remoteAddr().Addr(); mtu >= i.pathMTUTo(a) {
		if p, known := i.path(a); known && q.proto == protoTCP && mtu < p.high { // about a probe: what it says is worth a try
			p.high, p.halving, p.probes = mtu, false, 0
			i.paths[a] = p
		}
		return
	}
	if q.proto == protoTCP {
		i.conns[q.tuple].PathNarrowed(i.now, i.mssOf(&q.tuple, mtu))
		i.stats.PathsNarrowed++
	}
	i.notePath(q.tuple.remoteAddr().Addr(), mtu)
}

// notePath remembers mtu.
func (i *Interface) notePath(a netip.Addr, mtu int) {
	i.setPath(a, pathMTU{mtu: mtu, expires: i.now.Add(pathMTULife)})
}

// setPath remembers p; when there is no room, something else is forgotten, which costs whoever uses it a packet.
func (i *Interface) setPath(a netip.Addr, p pathMTU) {
	if i.paths == nil {
		i.paths = make(map[netip.Addr]pathMTU)
	}
	if _, known := i.paths[a]; !known && len(i.paths) >= i.limits.Paths {
		for other := range i.paths {
			delete(i.paths, other)
			break
		}
	}
	i.paths[a] = p
}

// plateauBelow is the next usual MTU below the length of a packet that did not get through.
func plateauBelow(length int) int {
	for _, p := range plateaus {
		if p < length {
			return p
		}
	}
	return leastPathMTU
}
