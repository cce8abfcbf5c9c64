package iface

import (
	"fmt"
	"net/netip"
)

// portRange is the ephemeral ports of an interface: all there are, or, of several queues, those of which their number
// leaves its own.
type portRange struct{ first, step, count int }

func newPortRange(queue, queues int) portRange {
	step := max(queues, 1)
	first := ephemeralFirst + (queue-ephemeralFirst%step+step)%step
	return portRange{first, step, (ephemeralFirst + ephemeralCount - first + step - 1) / step}
}

// at gives the k-th port, counted round.
func (r portRange) at(k int) uint16 { return uint16(r.first + k%r.count*r.step) }

// freePort chooses a port of ours for a connection to remote: at random (RFC 6056 §3.3.1), so that nobody can guess it,
// and one that no connection to the same remote has.
func (i *Interface) freePort(src netip.Addr, remote netip.AddrPort) (uint16, error) {
	free := func(k int) (uint16, bool) {
		port := i.ports.at(k)
		_, taken := i.conns[makeTuple(netip.AddrPortFrom(src, port), remote)]
		return port, !taken
	}
	const scattered = 16 // tries, before one port after the other: neighbouring ports tell of each other
	for range scattered {
		if port, ok := free(i.rng.IntN(i.ports.count)); ok {
			return port, nil
		}
	}
	start := i.rng.IntN(i.ports.count)
	for k := range i.ports.count {
		if port, ok := free(start + k); ok {
			return port, nil
		}
	}
	return 0, fmt.Errorf("%w from %v to %v", ErrPortsUsedUp, src, remote)
}
