package drill

import (
	"encoding/binary"
	"net/netip"
)

// Lengths of struct sockaddr_in and struct sockaddr_in6.
const (
	sockaddr4Len = 16
	sockaddr6Len = 28
)

// parseSockaddr reads a struct sockaddr. The family is in the byte order of the machine, the rest in the network's.
func parseSockaddr(b []byte) (netip.AddrPort, Errno) {
	if len(b) < 2 {
		return netip.AddrPort{}, EINVAL
	}
	switch family := binary.NativeEndian.Uint16(b); {
	case family == AFInet && len(b) >= sockaddr4Len:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[4:])), binary.BigEndian.Uint16(b[2:])), 0
	case family == AFInet6 && len(b) >= sockaddr6Len:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:])), binary.BigEndian.Uint16(b[2:])), 0
	case family == AFInet || family == AFInet6:
		return netip.AddrPort{}, EINVAL
	}
	return netip.AddrPort{}, EAFNOSUPPORT
}

// sockaddr writes a struct sockaddr of the family: an IPv4 address in an IPv6 socket is one that is mapped.
func sockaddr(family int, a netip.AddrPort) []byte {
	b := make([]byte, sockaddr4Len, sockaddr6Len)
	if family == AFInet6 {
		b = b[:sockaddr6Len]
		ip := a.Addr().As16()
		copy(b[8:], ip[:])
	} else if a.Addr().Unmap().Is4() {
		ip := a.Addr().Unmap().As4()
		copy(b[4:], ip[:])
	}
	binary.NativeEndian.PutUint16(b, uint16(family))
	binary.BigEndian.PutUint16(b[2:], a.Port())
	return b
}
