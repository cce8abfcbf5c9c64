package iface

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
)

// solicit is a peer's neighbour solicitation for target.
func (r *rig) solicit(src, target netip.Addr, hops uint8, options layers.ICMPv6Options) []byte {
	e, ip := eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolICMPv6)
	ip.HopLimit, ip.SrcIP = hops, src.AsSlice()
	group := solicitedNode(target)
	ip.DstIP = group.AsSlice()
	g := group.As16()
	e.DstMAC = []byte{0x33, 0x33, g[12], g[13], g[14], g[15]}
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeNeighborSolicitation, 0)}
	icmp.SetNetworkLayerForChecksum(ip)
	return r.frame(e, ip, icmp, &layers.ICMPv6NeighborSolicitation{TargetAddress: target.AsSlice(), Options: options})
}

var sourceOption = layers.ICMPv6Options{{Type: layers.ICMPv6OptSourceAddress, Data: peerMAC[:]}}

func advertisement(t *testing.T, p gopacket.Packet) *layers.ICMPv6NeighborAdvertisement {
	t.Helper()
	if p == nil {
		t.Fatal("no advertisement")
	}
	na, ok := p.Layer(layers.LayerTypeICMPv6NeighborAdvertisement).(*layers.ICMPv6NeighborAdvertisement)
	if !ok {
		t.Fatalf("%v", p)
	}
	return na
}

func TestSolicitationForUsIsAnsweredAndItsSenderLearned(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(r.solicit(peer6, our6, 255, sourceOption))
	p := r.take()
	na := advertisement(t, p)
	if !na.Solicited() || !na.Override() || netip.AddrFrom16([16]byte(na.TargetAddress)) != our6 || len(na.Options) != 1 {
		t.Fatalf("%+v", na)
	}
	if ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6); ip.HopLimit != 255 || netip.AddrFrom16([16]byte(ip.DstIP)) != peer6 {
		t.Fatalf("%+v", ip)
	}
	if nb := r.neighbors.m[peer6]; nb == nil || nb.mac != peerMAC {
		t.Fatal("the sender is not known")
	}
}

func TestDuplicateAddressDetectionOfOthersIsAnsweredToAllNodes(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(r.solicit(netip.IPv6Unspecified(), our6, 255, nil))
	p := r.take()
	if na := advertisement(t, p); na.Solicited() {
		t.Fatal("solicited (RFC 4861 §7.2.4)")
	}
	if ip := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6); netip.AddrFrom16([16]byte(ip.DstIP)) != allNodes {
		t.Fatalf("to %v", ip.DstIP)
	}
}

func TestNeighborDiscoveryFromBeyondTheLinkOrMalformedIsDropped(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.dropped(DropHopLimit, func() { r.put(r.solicit(peer6, our6, 254, sourceOption)) })
	r.dropped(DropMalformed, func() { r.put(r.solicit(netip.IPv6Unspecified(), our6, 255, sourceOption)) })
	multicastMAC := layers.ICMPv6Options{{Type: layers.ICMPv6OptSourceAddress, Data: []byte{1, 2, 3, 4, 5, 6}}}
	r.dropped(DropMalformed, func() { r.put(r.solicit(peer6, our6, 255, multicastMAC)) })
	if len(r.neighbors.m) != 0 {
		t.Fatal("learned from it")
	}
	r.nothing()
}

func TestLinkAddrOptionOfLengthZeroIsRefused(t *testing.T) {
	if _, _, ok := linkAddrOption([]byte{1, 0, 0, 0, 0, 0, 0, 0}, optSourceLinkAddr); ok {
		t.Fatal("a length of zero was accepted (RFC 4861 §4.6)")
	}
	if _, _, ok := linkAddrOption([]byte{1, 2, 0, 0, 0, 0, 0, 0}, optSourceLinkAddr); ok {
		t.Fatal("an option beyond the end was accepted")
	}
}

func TestUnaskedAdvertisementTeachesNothing(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	ip := ip6(layers.IPProtocolICMPv6)
	ip.HopLimit = 255
	icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeNeighborAdvertisement, 0)}
	icmp.SetNetworkLayerForChecksum(ip)
	f := r.frame(eth(layers.EthernetTypeIPv6), ip, icmp, &layers.ICMPv6NeighborAdvertisement{
		Flags: flagSolicited, TargetAddress: peer6.AsSlice(),
		Options: layers.ICMPv6Options{{Type: layers.ICMPv6OptTargetAddress, Data: peerMAC[:]}},
	})
	r.dropped(DropNotForUs, func() { r.put(f) })
	t.Log("# without Override it does not replace what is known (RFC 4861 §7.2.5)")
	nb := r.neighbors.get(peer6)
	nb.known, nb.mac = true, [6]byte{2, 9, 9, 9, 9, 9}
	r.put(f)
	if nb.mac == peerMAC {
		t.Fatal("replaced")
	}
}

func TestDuplicateAddressDetectionAsksTheSolicitedNodeGroup(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	f := r.solicit(netip.IPv6Unspecified(), our6, 255, nil)
	group := allNodes.As16() // instead
	ip, m := f[ethernetHeaderLen:], f[ethernetHeaderLen+ipv6HeaderLen:]
	copy(ip[24:], group[:])
	m[2], m[3] = 0, 0
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, checksum.PseudoV6([16]byte(ip[8:24]), group, protoICMPv6, len(m)))))
	r.put(f)
	if r.Stats().Drops[DropMalformed] != 1 || r.take() != nil {
		t.Error("one to all nodes is answered (RFC 4861 §7.1.1)")
	}
}

func TestAnAdvertisementWithoutAddressCompletesNothing(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	nb := r.neighbors.get(peer6)
	advertise := func() {
		na := &layers.ICMPv6NeighborAdvertisement{Flags: flagSolicited | flagOverride, TargetAddress: peer6.AsSlice()}
		ip := ip6(layers.IPProtocolICMPv6)
		ip.HopLimit = ndpHops
		ic := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(typeNeighborAdvertisement, 0)}
		ic.SetNetworkLayerForChecksum(ip)
		r.put(r.frame(eth(layers.EthernetTypeIPv6), ip, ic, na))
	}
	if advertise(); nb.known {
		t.Error("an incomplete entry became known (RFC 4861 §7.2.5)")
	}
	mac := [6]byte{2, 9, 9, 9, 9, 9}
	r.learned(nb, mac)
	r.now = r.now.Add(10 * time.Second)
	expires := nb.expires
	if advertise(); nb.mac != mac || nb.expires <= expires {
		t.Errorf("what is known is not confirmed: %x", nb.mac)
	}
}
