package iface

import (
	"net/netip"
	"time"

	"smoltls/tcp"
)

// Address conflict detection (RFC 5227): an IPv4 address is used when nobody says, asked a few times, that he has it;
// it is announced then, and defended once. RFC 5227 §1.1's times are these for an interval of a second and a half; for
// another one they are as much longer or shorter.
const (
	DefaultProbes        = 3
	DefaultProbeInterval = 3 * time.Second / 2

	announcements    = 2               // RFC 5227 §1.1, ANNOUNCE_NUM
	announceInterval = 2 * time.Second // ANNOUNCE_INTERVAL
)

// guard is what an IPv4 address is tested and defended by.
type guard struct {
	probes     int // 0: it is not
	interval   time.Duration
	announceAt tcp.Instant
	announce   int // times that are left
}

func newGuard(c *AddrConfig) guard {
	g := guard{probes: max(0, c.Probes), interval: c.ProbeInterval}
	if g.interval <= 0 {
		g.interval = DefaultProbeInterval
	}
	return g
}

func (g *guard) on() bool { return g.probes > 0 }

// third of the interval: two of it are PROBE_MIN, and PROBE_WAIT's bound, four are PROBE_MAX and ANNOUNCE_WAIT.
func (g *guard) third() time.Duration { return max(1, g.interval/3) }

// firstProbe is how long the first question waits, so that stations that begin together do not ask together (RFC 5227
// §2.1.1, PROBE_WAIT).
func (i *Interface) firstProbe(a *address) time.Duration {
	if !a.addr().Is4() || !a.guard.on() {
		return 0
	}
	return i.randomDelay(2 * a.guard.third())
}

// probeStep asks once more whether somebody has a.
func (i *Interface) probeStep(a *address) {
	if !i.sendARP(arpRequest, netip.IPv4Unspecified(), [6]byte{}, a.addr(), broadcastMAC) {
		a.test.at = i.now.Add(busyDevice)
		return
	}
	t := a.guard.third()
	if a.test.left--; a.test.left > 0 {
		a.test.at = i.now.Add(2*t + i.randomDelay(2*t)) // PROBE_MIN to PROBE_MAX
		return
	}
	a.test.at = i.now.Add(4 * t) // ANNOUNCE_WAIT
}

// testedByARP takes a message of another station for the answer to whether somebody has an address that is being
// tested: it says that it has it, or asks the same (RFC 5227 §2.1.1). It reports whether it was one.
func (i *Interface) testedByARP(op uint16, sender, target netip.Addr) bool {
	for _, a := range i.addrs {
		if a.state != AddrTentative || !a.addr().Is4() {
			continue
		}
		if a.addr() == sender || op == arpRequest && sender.IsUnspecified() && a.addr() == target {
			i.duplicate(a)
			return true
		}
	}
	return false
}

// beginAnnouncing tells everybody that a is ours now (RFC 5227 §2.3).
func (i *Interface) beginAnnouncing(a *address) {
	if a.addr().Is4() && a.guard.on() && i.ether {
		a.guard.announce, a.guard.announceAt = announcements, i.now
		i.dueBy(i.now)
	}
}

// announceAddrs sends the announcements that are due. It gives when next.
func (i *Interface) announceAddrs() tcp.Instant {
	next := tcp.Never
	for _, a := range i.addrs {
		g := &a.guard
		if g.announce == 0 || !a.usable() {
			continue
		}
		if g.announceAt <= i.now {
			wait := busyDevice
			if i.announceAddr(a) {
				g.announce--
				wait = announceInterval
			}
			g.announceAt = i.now.Add(wait)
		}
		if g.announce > 0 {
			next = min(next, g.announceAt)
		}
	}
	return next
}

func (i *Interface) announceAddr(a *address) bool {
	return i.sendARP(arpRequest, a.addr(), [6]byte{}, a.addr(), broadcastMAC)
}

// defend answers a conflict over an address in use, the first in a while, with an announcement (RFC 5227 §2.4 (b)).
func (i *Interface) defend(a *address) {
	if a.addr().Is4() && a.guard.on() {
		i.announceAddr(a)
	}
}

// yield gives an address up that another station goes on claiming (RFC 5227 §2.4 (b)).
func (i *Interface) yield(a *address) {
	i.setAddrState(a, AddrDuplicate)
	i.failFrom(a)
}
