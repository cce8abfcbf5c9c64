package iface

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// AddrState says where an address of ours stands in its life (RFC 4862 §2).
type AddrState uint8

// The states.
const (
	AddrTentative  AddrState = 1 + iota // being tested: not used yet
	AddrPreferred                       // used
	AddrDeprecated                      // used on by those who use it, and by nobody new if there is another one
	AddrDuplicate                       // another station has it: not used
	AddrGone                            // no longer ours; only in an [AddrEvent]
)

// String names the state.
func (s AddrState) String() string {
	if s >= AddrTentative && s <= AddrGone {
		return [...]string{"tentative", "preferred", "deprecated", "duplicate", "gone"}[s-AddrTentative]
	}
	return "no state"
}

// AddrInfo describes an address of an interface.
type AddrInfo struct {
	Prefix         netip.Prefix // the address, and the length of its network
	State          AddrState
	Auto           bool      // formed by the interface, not given by [Config]
	Temporary      bool      // and replaced from day to day (RFC 8981)
	PreferredUntil time.Time // then it is deprecated; zero: never
	ValidUntil     time.Time // then it is gone; zero: never
}

// AddrEvent tells that something has become of an address.
type AddrEvent struct {
	Prefix   netip.Prefix
	State    AddrState
	Conflict bool // another station has said that the address is its own. In State AddrPreferred or AddrDeprecated we go on using it, and tell no more than every ten seconds
}

// ErrAddrGone is why connections fail whose own end's address is no longer ours (RFC 4862 §5.5.4).
var ErrAddrGone = fmt.Errorf("%w: the lifetime of this end's address is over", ErrNotOurs)

// address is one of ours.
type address struct {
	prefix    netip.Prefix
	state     AddrState
	auto      bool
	temp      temporary
	guard     guard       // of IPv4's
	preferred tcp.Instant // until then
	valid     tcp.Instant
	test      dad
	joined    bool         // its solicited-node group
	quietTo   tcp.Instant  // no conflict is told of until then
	routers   []netip.Addr // those that advertise its network, at most Limits.Routers
}

func (a *address) addr() netip.Addr { return a.prefix.Addr() }

// usable: packets to it are for us, and packets from it may leave.
func (a *address) usable() bool { return a.state == AddrPreferred || a.state == AddrDeprecated }

// Addrs gives the addresses of the interface: those of [Config] first.
func (i *Interface) Addrs() []AddrInfo {
	var all []AddrInfo
	at := func(t tcp.Instant) time.Time {
		if t == tcp.Never {
			return time.Time{}
		}
		return i.epoch.Add(time.Duration(t))
	}
	for _, a := range i.addrs {
		all = append(all, AddrInfo{a.prefix, a.state, a.auto, a.temp.of != nil, at(a.preferred), at(a.valid)})
	}
	return all
}

// addAddr makes p an address of ours, after a test if it must have one, which begins after wait.
func (i *Interface) addAddr(p netip.Prefix, auto bool, wait time.Duration) *address {
	a := &address{prefix: p, auto: auto, preferred: tcp.Never, valid: tcp.Never}
	i.addrs = append(i.addrs, a)
	i.testAddr(a, wait)
	return a
}

// setAddrState moves a to a state, and tells whoever wants to know.
func (i *Interface) setAddrState(a *address, s AddrState) {
	if a.state == s {
		return
	}
	a.state = s
	i.resetOurs()
	i.tellAddr(a, s, s == AddrDuplicate)
}

// resetOurs gathers what is looked at for every packet.
func (i *Interface) resetOurs() {
	i.ours, i.broadcasts = i.ours[:0], i.broadcasts[:0]
	for _, b := range i.addrs {
		if !b.usable() {
			continue
		}
		i.ours = append(i.ours, b.addr())
		if to, has := broadcastOf(b.prefix); has {
			i.broadcasts = append(i.broadcasts, to)
		}
	}
}

func (i *Interface) tellAddr(a *address, s AddrState, conflict bool) {
	if i.addrEvent != nil {
		i.addrEvent(AddrEvent{a.prefix, s, conflict})
	}
}

// dropAddr ends an address, and all connections from it.
func (i *Interface) dropAddr(a *address) {
	i.addrs = slices.DeleteFunc(i.addrs, func(b *address) bool { return a == b })
	i.leaveNode(a)
	if !a.auto {
		i.forgetNetwork(a.prefix)
	}
	i.setAddrState(a, AddrGone)
	i.failFrom(a)
}

// failFrom ends all connections from a, and tells the sockets that are bound to it.
func (i *Interface) failFrom(a *address) {
	raw := a.addr().As16()
	for _, c := range i.conns { // all of them, but so rarely
		if c.tuple.local == raw {
			c.Fail(ErrAddrGone)
		}
	}
	for _, u := range i.udp {
		if u.local.Addr() == a.addr() {
			u.out.Clear()
			u.fail(ErrAddrGone)
		}
	}
}

// ageAddrs deprecates and ends addresses whose time has come (RFC 4862 §5.5.4). It gives when next.
func (i *Interface) ageAddrs() tcp.Instant {
	next := tcp.Never
	for k := 0; k < len(i.addrs); k++ {
		a := i.addrs[k]
		switch {
		case a.valid <= i.now:
			i.dropAddr(a)
			k--
			continue
		case a.preferred > i.now:
			next = min(next, a.preferred)
			if a.state == AddrDeprecated {
				i.setAddrState(a, AddrPreferred)
			}
		case a.state == AddrPreferred:
			i.setAddrState(a, AddrDeprecated)
		}
		next = min(next, a.valid)
	}
	return next
}

// findAddr gives our address a, in whatever state; nil: it is none of ours.
func (i *Interface) findAddr(a netip.Addr) *address {
	for _, b := range i.addrs {
		if b.addr() == a {
			return b
		}
	}
	return nil
}

// linkLocal gives the address that messages to routers come from; nil: there is none yet.
func (i *Interface) linkLocal() *address {
	for _, a := range i.addrs {
		if a.addr().Is6() && a.addr().IsLinkLocalUnicast() && a.usable() {
			return a
		}
	}
	return nil
}

// conflictInterval is between two conflicts of which is told (RFC 5227 §1.1, DEFEND_INTERVAL).
const conflictInterval = 10 * time.Second

// conflict: another station has said that a, which we use, is its own.
func (i *Interface) conflict(a netip.Addr) {
	b := i.findAddr(a)
	if b == nil || !b.usable() {
		return
	}
	i.stats.AddrConflicts++
	switch {
	case b.quietTo <= i.now:
		b.quietTo = i.now.Add(conflictInterval)
		i.defend(b)
		i.tellAddr(b, b.state, true)
	case b.guard.on():
		i.yield(b)
	}
}
