package iface

import (
	"fmt"
	"net/netip"
)

// freePort chooses a port of ours for a connection to remote: at random (RFC 6056 §3.3.1), so that nobody can guess it, and one that no connection
// to the same remote has.
func (i *Interface) freePort(src netip.Addr, remote netip.AddrPort) (uint16, error) {
	start := i.rng.IntN(ephemeralCount)
	for k := range ephemeralCount {
		port := uint16(ephemeralFirst + (start+k)%ephemeralCount)
		if _, taken := i.conns[makeTuple(netip.AddrPortFrom(src, port), remote)]; !taken {
			return port, nil
		}
		if k < 16 { // scattered at first: neighbouring ports tell of each other
			start = i.rng.IntN(ephemeralCount)
		}
	}
	return 0, fmt.Errorf("%w from %v to %v", ErrPortsUsedUp, src, remote)
}
