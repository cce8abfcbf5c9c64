package set

import "smoltls/iface"

// PingSocketSet holds ICMP echo sockets of one interface by handle.
type PingSocketSet struct{ packetSet[iface.PingSocket] }

// NewPing makes an empty set of ICMP echo sockets on ifc.
func NewPing(ifc *iface.Interface, limits Limits) *PingSocketSet {
	return &PingSocketSet{newPacketSet(ifc, limits, (*iface.PingSocket).Close)}
}

// Open makes a socket with an echo identifier of its own, which is chosen when id is 0. Errors: [ErrSetFull], and those
// of [iface.Interface.OpenPing].
func (s *PingSocketSet) Open(id uint16, cfg iface.PacketConfig) (Handle, error) {
	return s.add(func(p *iface.PingSocket, o iface.PacketOwner) error { return s.ifc.OpenPing(p, o, id, cfg) })
}
