package iface

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// OpenSeekerUDP binds s to a port for a protocol that finds out what our IPv4 address is, such as DHCP (RFC 2131 §4.1).
// s may send from 0.0.0.0 (as Meta.Local) to 255.255.255.255 before there is an address, and hears what arrives at our
// station for its port whatever IPv4 address it is for: the one, above all, that is about to become ours. Errors: those
// of OpenUDP, and [ErrConfig] where the device carries no Ethernet frames, so that nothing but the address would say
// whom a packet is for.
func (i *Interface) OpenSeekerUDP(s *UDPSocket, o PacketOwner, port uint16, cfg PacketConfig) error {
	if i.dev.Medium() != phy.MediumEthernet {
		return fmt.Errorf("%w: seeking an address on %v", ErrConfig, i.dev.Medium())
	}
	if err := i.OpenUDP(s, o, netip.AddrPortFrom(netip.IPv4Unspecified(), port), cfg); err != nil {
		return err
	}
	s.seeks = true
	i.seekers++
	return nil
}

// sendsFromNobody: a datagram that may leave before there is an address.
func (s *UDPSocket) sendsFromNobody(m *Meta) bool {
	return s.seeks && m.Local == netip.IPv4Unspecified() && m.Remote.Addr() == limitedBroadcast
}

// sought reports whether a packet that is for none of our addresses is for a socket that seeks one. It counts as one to
// many, so that nobody is told if it is wanted by nobody.
func (i *Interface) sought(ip *layers.IPv4, p *packet) bool {
	src, dst := p.tuple.remoteAddr().Addr(), p.tuple.localAddr().Addr()
	if p.toAll || p.looped || src.IsUnspecified() || dst.IsMulticast() || dst.IsUnspecified() || ip.Protocol != layers.IPProtocolUDP ||
		ip.FragOffset != 0 || ip.Flags&layers.IPv4MoreFragments != 0 || len(p.payload) < udpHeaderLen {
		return false
	}
	s := i.udp[netip.AddrPortFrom(netip.IPv4Unspecified(), binary.BigEndian.Uint16(p.payload[2:]))]
	p.toAll = true
	return s != nil && s.seeks
}
