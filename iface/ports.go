package iface

import (
	"fmt"
	"net/netip"
)

// freePort chooses a port of ours for a connection to remote: at random (RFC 6056 §3.3.1), so that nobody can guess it, and one that no connection
// to the same remote has.
func (i *Interface) freePort(src netip.Addr, remote netip.AddrPort) (uint16, error) {
	free := func(k int) (uint16, bool) {
		port := uint16(ephemeralFirst + k%ephemeralCount)
		_, taken := i.conns[makeTuple(netip.AddrPortFrom(src, port), remote)]
		return port, !taken
	}
	const scattered = 16 // tries, before one port after the other: neighbouring ports tell of each other
	for range scattered {
		if port, ok := free(i.rng.IntN(ephemeralCount)); ok {
			return port, nil
		}
	}
	start := i.rng.IntN(ephemeralCount)
	for k := range ephemeralCount {
		if port, ok := free(start + k); ok {
			return port, nil
		}
	}
	return 0, fmt.Errorf("%w from %v to %v", ErrPortsUsedUp, src, remote)
}
