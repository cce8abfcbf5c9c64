package iface

import (
	"encoding/binary"
	"net/netip"
	"time"

	"smoltls/tcp"
)

// Duplicate address detection (RFC 4862 §5.4): an IPv6 address is used when nobody has answered the question whether
// somebody has it. IPv4's is in acd.go, and goes through the same states.
const (
	defaultDADTransmits = 1               // RFC 4862 §5.1
	maxFirstDelay       = time.Second     // RFC 4861 §10, MAX_RTR_SOLICITATION_DELAY
	busyDevice          = time.Second / 8 // until a message is tried again for which the device had no room
)

// dad is the test of an address.
type dad struct {
	at    tcp.Instant // of the next solicitation, or of the end; Never: there is no test
	left  int         // solicitations still to be sent
	nonce [6]byte     // of the last one, to tell it from those of others if the link brings it back (RFC 7527)
	tries uint8       // RFC 7217's DAD_Counter: addresses of this network that were found to be taken
}

// testAddr begins to use a: after a test, which begins after wait, if it must have one.
func (i *Interface) testAddr(a *address, wait time.Duration) {
	a.test.at = tcp.Never
	questions := i.dadTransmits
	if a.addr().Is4() {
		questions = a.guard.probes
	}
	if questions <= 0 || !i.ether {
		i.passed(a)
		return
	}
	a.test.left, a.test.at = questions, i.now.Add(wait)
	i.setAddrState(a, AddrTentative)
	i.dueBy(a.test.at)
}

// randomDelay is up to most, so that stations that begin together do not speak together.
func (i *Interface) randomDelay(most time.Duration) time.Duration {
	return time.Duration(i.rng.Int64N(int64(most)))
}

// testAddrs goes on with the tests that are due. It gives when next.
func (i *Interface) testAddrs() tcp.Instant {
	next := tcp.Never
	for _, a := range i.addrs {
		if a.state != AddrTentative {
			continue
		}
		if a.test.at <= i.now {
			i.testStep(a)
		}
		next = min(next, a.test.at)
	}
	return next
}

// testStep asks once more, or ends the test.
func (i *Interface) testStep(a *address) {
	switch {
	case a.test.left == 0:
		a.test.at = tcp.Never
		i.passed(a)
	case a.addr().Is4():
		i.probeStep(a)
	case !a.joined:
		i.joinNode(a) // RFC 4862 §5.4.2: before the first question
	case i.askForOwn(a):
		a.test.left--
		a.test.at = i.now.Add(i.neighbors.nd.retrans) // RFC 4862 §5.4.2
	default:
		a.test.at = i.now.Add(busyDevice)
	}
}

// passed: nobody else has a.
func (i *Interface) passed(a *address) {
	i.joinNode(a)
	i.beginAnnouncing(a)
	if a.preferred > i.now {
		i.setAddrState(a, AddrPreferred)
	} else {
		i.setAddrState(a, AddrDeprecated)
	}
	if a.addr().Is6() && a.addr().IsLinkLocalUnicast() {
		i.beginSoliciting()
		if i.announces() {
			i.announceAgain()
		}
	}
}

// askForOwn sends a solicitation for a, from nobody to those who may have it (RFC 4862 §5.4.2). It reports whether the
// device took it.
func (i *Interface) askForOwn(a *address) bool {
	binary.BigEndian.PutUint32(a.test.nonce[:], i.rng.Uint32())
	binary.BigEndian.PutUint16(a.test.nonce[4:], uint16(i.rng.Uint32()))
	m := make([]byte, ndpLen, ndpLen+ndpOptionLen)
	m[0] = typeNeighborSolicitation
	target := a.addr().As16()
	copy(m[8:], target[:])
	m = append(m, optNonce, 1)
	m = append(m, a.test.nonce[:]...)
	return i.sendICMPv6(netip.IPv6Unspecified(), solicitedNode(a.addr()), ndpHops, m)
}

// tested takes a message about a tentative address, which is another station's if the message is (RFC 4862 §5.4.3,
// §5.4.4).
func (i *Interface) tested(a *address, p *packet) DropReason {
	if p.payload[0] == typeNeighborSolicitation {
		if p.tuple.remote != [16]byte{} { // somebody asks for whoever has it: not us, yet
			return DropNotForUs
		}
		for kind, v := range ndpOptions(p.payload[ndpLen:]) {
			if kind == optNonce && string(v) == string(a.test.nonce[:]) {
				return DropSource // our own, brought back
			}
		}
	}
	i.duplicate(a)
	return DropNone
}

// duplicate: another station has a, which is being tested. One that we chose ourselves is replaced by another choice, a
// few times (RFC 7217 §6).
func (i *Interface) duplicate(a *address) {
	i.stats.AddrConflicts++
	a.test.at = tcp.Never
	i.leaveNode(a)
	i.setAddrState(a, AddrDuplicate)
	if !a.auto || a.test.tries >= idGenRetries {
		return
	}
	a.test.tries++
	if a.temp.of != nil {
		a.prefix = i.temporaryAddr(a.prefix) // RFC 8981 §3.4 (7)
	} else {
		a.prefix = i.stableAddr(a.prefix.Masked(), &a.test.tries)
	}
	i.testAddr(a, i.randomDelay(idGenDelay))
}
