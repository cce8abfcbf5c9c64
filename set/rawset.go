package set

import "smoltls/iface"

// RawSocketSet holds sockets for whole IP packets and Ethernet frames of one interface by handle.
type RawSocketSet struct{ packetSet[iface.RawSocket] }

// NewRaw makes an empty set of raw sockets on ifc.
func NewRaw(ifc *iface.Interface, limits Limits) *RawSocketSet {
	return &RawSocketSet{newPacketSet(ifc, limits, (*iface.RawSocket).Close)}
}

// Open makes a socket for one protocol or EtherType. Errors: [ErrSetFull], and those of [iface.Interface.OpenRaw].
func (s *RawSocketSet) Open(kind iface.RawKind, cfg iface.PacketConfig) (Handle, error) {
	return s.add(func(r *iface.RawSocket, o iface.PacketOwner) error { return s.ifc.OpenRaw(r, o, kind, cfg) })
}
