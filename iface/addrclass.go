package iface

import "net/netip"

// What kinds of addresses packets may come from and go to.

var (
	limitedBroadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})
	thisNetwork      = netip.MustParsePrefix("0.0.0.0/8")
)

// plain is a in the one form in which addresses are compared: an IPv4 address is one, and there is no zone, because an
// interface is on one link and every zone is its own (RFC 4007 §11).
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

func plainPort(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(plain(a.Addr()), a.Port()) }

// staysInside: packets to a never leave a station, and none with it comes from a link (RFC 1122 §3.2.1.3, RFC 4291
// §2.5.3, §2.7).
func staysInside(a netip.Addr) bool {
	if a.Is4() {
		return a.IsLoopback() || thisNetwork.Contains(a)
	}
	return a.IsLoopback() || a.IsMulticast() && scopeOf(a) <= scopeNode
}

// isNobodys: no station sends from a, save from the unspecified address.
func (i *Interface) isNobodys(a netip.Addr) bool {
	return a.IsMulticast() || i.isBroadcast(a) || staysInside(a) && !a.IsUnspecified()
}

// mayBeFromNobody: packets to dst may come from the unspecified address, because who sends them has none yet: tests of
// addresses (RFC 4862 §5.4.2) and reports of groups (RFC 3590, RFC 3376 §4.2.13), switches' queries for them (RFC 4541
// §2.1.1), and clients of DHCP (RFC 1122 §3.2.1.3 (a)).
func mayBeFromNobody(dst netip.Addr) bool { return dst.IsMulticast() || dst == limitedBroadcast }
