package iface

import (
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// Stateless address autoconfiguration (RFC 4862).

// twoHours is what an unauthenticated message may leave of an address' lifetime (RFC 4862 §5.5.3 (e)).
const twoHours = 2 * time.Hour

var linkLocalNetwork = netip.MustParsePrefix("fe80::/64")

// beginAutoconf forms our link-local address (RFC 4862 §5.3), unless Config gives one.
func (i *Interface) beginAutoconf(wait time.Duration) {
	for _, a := range i.addrs {
		if a.addr().Is6() && a.addr().IsLinkLocalUnicast() {
			return
		}
	}
	var tries uint8
	a := i.addAddr(i.stableAddr(linkLocalNetwork, &tries), true, wait)
	a.test.tries = tries
}

// takeAutonomous takes a router's word on a network in which stations choose their addresses (RFC 4862 §5.5.3). false:
// there is no place for one more.
func (i *Interface) takeAutonomous(info *prefixInfo, from netip.Addr, toAll bool) bool {
	if !info.auto || info.preferred > info.valid || info.prefix.Bits() != idBits { // (a), (c), (d)
		return true
	}
	known := i.autoAddr(info.prefix)
	if known == nil {
		if info.valid == 0 { // (d)
			return true
		}
		if known = i.formAddr(info.prefix, toAll); known == nil {
			return false
		}
		known.valid = i.lifetimeEnd(info.valid)
	} else {
		i.extendValid(known, info)
	}
	known.preferred = min(i.lifetimeEnd(info.preferred), known.valid)
	if !slices.Contains(known.routers, from) && len(known.routers) < i.limits.Routers {
		known.routers = append(known.routers, from)
	}
	i.takeTemporary(known)
	i.dueBy(i.now)
	return true
}

// extendValid is the rule of two hours: no single message takes an address away at once (RFC 4862 §5.5.3 (e)).
func (i *Interface) extendValid(a *address, info *prefixInfo) {
	until, floor := i.lifetimeEnd(info.valid), i.now.Add(twoHours)
	switch {
	case until > floor || until > a.valid:
		a.valid = until
	case a.valid > floor:
		a.valid = floor
	}
}

// autoAddr gives the address that we have formed in a network.
func (i *Interface) autoAddr(network netip.Prefix) *address {
	for _, a := range i.addrs {
		if a.auto && a.temp.of == nil && a.prefix.Masked() == network {
			return a
		}
	}
	return nil
}

// formAddr forms an address in a network (RFC 4862 §5.5.3 (d)); nil: there are as many as may be. When all stations of
// a link have heard of the network together, they test their addresses after different times (RFC 4862 §5.4.2).
func (i *Interface) formAddr(network netip.Prefix, toAll bool) *address {
	formed := 0
	for _, a := range i.addrs {
		if a.auto && a.temp.of == nil && !a.addr().IsLinkLocalUnicast() {
			formed++
		}
	}
	if formed >= i.limits.AutoAddrs {
		return nil
	}
	var tries uint8
	p := i.stableAddr(network, &tries)
	if i.findAddr(p.Addr()) != nil { // Config has it
		return nil
	}
	a := &address{prefix: p, auto: true, preferred: tcp.Never, valid: tcp.Never}
	a.test.tries = tries
	i.addrs = append(i.addrs, a)
	var wait time.Duration
	if toAll {
		wait = i.randomDelay(maxFirstDelay)
	}
	i.testAddr(a, wait)
	return a
}
