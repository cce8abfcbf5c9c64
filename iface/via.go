package iface

import "net/netip"

// Via gives, of several interfaces of a program, the one by which packets to dst leave: the one whose own address dst
// is, or else the one with the longest prefix for it, of several such the one whose router is most preferred, and of
// equals the first. Only one with an address to send from counts. nil: none has a way.
func Via(dst netip.Addr, ifcs ...*Interface) *Interface {
	dst = plain(dst)
	var best *Interface
	var way tableEntry
	for _, i := range ifcs {
		if i.isOurs(dst) {
			return i
		}
		e, ok := i.wayTo(dst)
		if !ok || best != nil && !e.better(&way) {
			continue
		}
		if _, err := i.sourceFor(dst, netip.Addr{}); err == nil {
			best, way = i, e
		}
	}
	return best
}

// wayTo gives the route to a that is in use.
func (i *Interface) wayTo(a netip.Addr) (e tableEntry, ok bool) {
	if via, redirected := i.redirects[a]; redirected {
		return tableEntry{prefix: netip.PrefixFrom(a, a.BitLen()), via: via}, true
	}
	for _, r := range i.routes {
		if r.prefix.Contains(a) && (!ok || r.better(&e)) {
			e, ok = r, true
		}
	}
	return e, ok
}

// better: longer, or alive when the other is not, or more preferred.
func (e *tableEntry) better(o *tableEntry) bool {
	switch {
	case e.prefix.Bits() != o.prefix.Bits():
		return e.prefix.Bits() > o.prefix.Bits()
	case e.dead != o.dead:
		return o.dead
	}
	return e.preference > o.preference
}
