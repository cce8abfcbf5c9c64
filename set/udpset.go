package set

import (
	"net/netip"

	"smoltls/iface"
)

// UDPSocketSet holds UDP sockets of one interface by handle.
type UDPSocketSet struct{ packetSet[iface.UDPSocket] }

// NewUDP makes an empty set of UDP sockets on ifc.
func NewUDP(ifc *iface.Interface, limits Limits) *UDPSocketSet {
	return &UDPSocketSet{newPacketSet(ifc, limits, (*iface.UDPSocket).Close)}
}

// Bind makes a socket that is bound to local: an address of the interface or an unspecified one, and a port, which is
// chosen when it is 0. Errors: [ErrSetFull], and those of [iface.Interface.OpenUDP].
func (s *UDPSocketSet) Bind(local netip.AddrPort, cfg iface.PacketConfig) (Handle, error) {
	return s.add(func(u *iface.UDPSocket, o iface.PacketOwner) error { return s.ifc.OpenUDP(u, o, local, cfg) })
}
