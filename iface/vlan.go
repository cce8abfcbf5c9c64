package iface

import (
	"encoding/binary"

	"github.com/google/gopacket/layers"
)

// 802.1Q tags (IEEE 802.1Q §9.6): the interface lives in one VLAN, or in none. Several VLANs of a wire are several
// interfaces on it.
const (
	vlanTagLen  = 4
	etherVLAN   = 0x8100
	maxVLAN     = 4094
	maxPriority = 7
)

// putLink writes the header before an IP or ARP packet, tagged if we live in a VLAN.
func (i *Interface) putLink(b []byte, dst *[6]byte, etherType uint16) {
	copy(b, dst[:])
	copy(b[6:], i.hw[:])
	if i.vlan != 0 {
		binary.BigEndian.PutUint16(b[12:], etherVLAN)
		binary.BigEndian.PutUint16(b[14:], i.vlan)
	}
	binary.BigEndian.PutUint16(b[i.hdrLen-2:], etherType)
}

// putIPLink does so before an IP packet.
func (i *Interface) putIPLink(b []byte, dst *[6]byte, v4 bool) {
	if v4 {
		i.putLink(b, dst, etherIPv4)
	} else {
		i.putLink(b, dst, etherIPv6)
	}
}

// ourVLAN reports whether a frame is of our VLAN, and how many layers come before the packet. A tag for VLAN 0 says a
// priority and nothing else.
func (i *Interface) ourVLAN(d *decoder) (layersBefore int, ours bool) {
	tagged := d.layer(1) == layers.LayerTypeDot1Q
	switch {
	case !tagged:
		return 1, i.vlan == 0
	case d.eth.EthernetType != layers.EthernetTypeDot1Q: // a provider's tag has numbers of its own (IEEE 802.1Q §9.5)
		return 2, false
	case i.vlan == 0:
		return 2, d.dot1q.VLANIdentifier == 0
	}
	return 2, d.dot1q.VLANIdentifier == i.vlan&maxVLANBits
}

// maxVLANBits are the bits of a tag that name the VLAN; the three highest are the priority.
const maxVLANBits = 0xfff
