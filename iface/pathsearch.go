package iface

import (
	"net/netip"
	"time"

	"smoltls/tcp"
)

// What is known of paths by the silence of routers and by probes (RFC 4821, RFC 8899): for all connections to an
// address together.
const (
	basePLPMTU     = 1280        // RFC 8899 §5.1.2 has 1,200 of a payload; every path of IPv6 takes this (RFC 8200 §5), and hardly one of IPv4 does not
	leastPLPMTU    = 576         // of IPv4, when that was too much (RFC 4821 §7.7, RFC 1122 §3.3.3)
	maxPathProbes  = 3           // of one size, all lost, after which it is too long (RFC 8899 §5.1.2, MAX_PROBES)
	pathProbeEvery = time.Second // after one was lost
	suspicionLife  = time.Minute // what a black hole is thought to be, until a probe has told more
	pathSearchStep = 8           // bytes: a search that knows so much is done (RFC 4821 §7.3)
)

// BlackHole implements [tcp.PathHost].
func (c *Conn) BlackHole(_ tcp.Instant, mss int) int {
	i := c.ifc
	mtu := mss + c.tuple.headersLen()
	base := basePLPMTU
	if c.tuple.is4() && mtu <= basePLPMTU {
		base = leastPLPMTU
	}
	if mtu <= base || c.flags&connLooped != 0 {
		return 0
	}
	i.stats.BlackHoles++
	i.setPath(c.RemoteAddr().Addr(), pathMTU{mtu: base, high: mtu, expires: i.now.Add(suspicionLife)})
	return base - c.tuple.headersLen()
}

// PathProbe implements [tcp.PathHost]. A path of which nothing is known any more is tried as far as our link goes.
func (c *Conn) PathProbe(_ tcp.Instant, mss int) int {
	i, a := c.ifc, c.RemoteAddr().Addr()
	have, link := mss+c.tuple.headersLen(), c.ifc.linkMTU(a)
	p, known := i.path(a)
	want := 0
	switch {
	case !known && have < link:
		i.setPath(a, pathMTU{mtu: have, high: link, expires: i.now.Add(pathMTULife)})
		want = link
	case p.mtu > have: // others have found it
		want = p.mtu
	case p.high > 0 && p.probeAt <= i.now:
		want = p.next()
	}
	if want = min(want, link); want <= have {
		return 0
	}
	return want - c.tuple.headersLen()
}

// PathProbed implements [tcp.PathHost].
func (c *Conn) PathProbed(_ tcp.Instant, mss int, arrived bool) {
	i, a := c.ifc, c.RemoteAddr().Addr()
	size := mss + c.tuple.headersLen()
	p, known := i.path(a)
	if !known {
		return
	}
	if arrived {
		i.stats.PathsWidened++
		if size >= i.linkMTU(a) {
			delete(i.paths, a)
			return
		}
		p.arrived(size)
	} else {
		p.lost(size)
		p.probeAt = i.now.Add(pathProbeEvery)
	}
	p.expires = i.now.Add(pathMTULife)
	i.paths[a] = p
}

// next is the size to try: first all of it, because what looked like a black hole was often an outage, and then the
// middle (RFC 4821 §7.3).
func (p *pathMTU) next() int {
	if !p.halving {
		return p.high
	}
	return (p.mtu + p.high + 1) / 2
}

// arrived: a packet of that size has got through.
func (p *pathMTU) arrived(size int) {
	p.probes = 0
	p.mtu = max(p.mtu, size)
	p.settle()
}

// lost: one has not.
func (p *pathMTU) lost(size int) {
	if size > p.high || size <= p.mtu {
		return
	}
	if p.probes++; p.probes >= maxPathProbes {
		p.probes, p.halving, p.high = 0, true, size-1
		p.settle()
	}
}

// settle ends a search that knows enough.
func (p *pathMTU) settle() {
	if p.high-p.mtu < pathSearchStep {
		p.high, p.halving = 0, false
	}
}

// path gives what is known of the path to a.
func (i *Interface) path(a netip.Addr) (p pathMTU, known bool) {
	p, known = i.paths[a]
	if known && p.expires <= i.now {
		delete(i.paths, a)
		return pathMTU{}, false
	}
	return p, known
}

// linkMTU is the longest packet of a's family on our own link.
func (i *Interface) linkMTU(a netip.Addr) int {
	if a.Is6() {
		return i.mtu6
	}
	return i.mtu4
}

// headersLen is the length of the IP and TCP headers without options.
func (t *tuple) headersLen() int {
	if t.is4() {
		return ipv4HeaderLen + tcp.HeaderLen
	}
	return ipv6HeaderLen + tcp.HeaderLen
}
