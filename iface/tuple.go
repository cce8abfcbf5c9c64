package iface

import (
	"encoding/binary"
	"net/netip"

	"smoltls/internal/checksum"
)

// tuple names a connection: both addresses, IPv4 ones in their IPv6-mapped form, and both ports. It is the
// demultiplexer's key.
type tuple struct {
	local, remote         [16]byte
	localPort, remotePort uint16
}

const protoTCP, protoUDP, protoICMP, protoICMPv6 = 6, 17, 1, 58

var mapped = [12]byte{10: 0xff, 11: 0xff}

// map4 puts an IPv4 address into its mapped form.
func map4(to *[16]byte, a []byte) {
	copy(to[:12], mapped[:])
	copy(to[12:], a)
}

func (t *tuple) is4() bool { return [12]byte(t.local[:12]) == mapped }

func makeTuple(local, remote netip.AddrPort) tuple {
	return tuple{local.Addr().As16(), remote.Addr().As16(), local.Port(), remote.Port()}
}

func (t *tuple) localAddr() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16(t.local).Unmap(), t.localPort)
}

func (t *tuple) remoteAddr() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16(t.remote).Unmap(), t.remotePort)
}

// bytes is an unambiguous encoding, for hashing.
func (t *tuple) bytes() (b [36]byte) {
	copy(b[:], t.local[:])
	copy(b[16:], t.remote[:])
	binary.BigEndian.PutUint16(b[32:], t.localPort)
	binary.BigEndian.PutUint16(b[34:], t.remotePort)
	return b
}

// pseudo is the partial sum of TCP's pseudo-header without its length.
func (t *tuple) pseudo() uint32 {
	if t.is4() {
		return checksum.PseudoV4([4]byte(t.local[12:]), [4]byte(t.remote[12:]), protoTCP, 0)
	}
	return checksum.PseudoV6(t.local, t.remote, protoTCP, 0)
}
