package iface

import (
	"encoding/binary"
	"net/netip"

	"github.com/google/gopacket/layers"
)

const (
	arpLen     = 28
	arpRequest = 1
	arpReply   = 2
)

var broadcastMAC = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// receiveARP is the algorithm of RFC 826: an entry that exists is brought up to date by whoever speaks; one is made
// only for who speaks to us; a request for an address of ours is answered.
func (i *Interface) receiveARP(a *layers.ARP) DropReason {
	if a.AddrType != layers.LinkTypeEthernet || a.Protocol != layers.EthernetTypeIPv4 || len(a.SourceHwAddress) != 6 || len(a.SourceProtAddress) != 4 ||
		len(a.DstProtAddress) != 4 {
		return DropMalformed
	}
	mac := [6]byte(a.SourceHwAddress)
	sender, target := netip.AddrFrom4([4]byte(a.SourceProtAddress)), netip.AddrFrom4([4]byte(a.DstProtAddress))
	if mac != i.hw && i.testedByARP(a.Operation, sender, target) {
		return DropNone
	}
	if i.isOurs(sender) && mac != i.hw { // RFC 5227 §2.4
		i.conflict(sender)
	}
	if mac[0]&1 != 0 || i.isNobodys(sender) || i.isOurs(sender) {
		return DropSource
	}
	known := i.neighbors.m[sender]
	forUs := i.isOurs(target)
	if known == nil && forUs && !sender.IsUnspecified() && i.routes.onLink(sender) { // 0.0.0.0 probes (RFC 5227 §2.1.1)
		known = i.neighbors.get(sender)
	}
	switch {
	case known == nil:
	case forUs && a.Operation == arpReply:
		i.learned(known, mac)
	default:
		i.heard(known, mac)
	}
	if !forUs {
		return DropARP
	}
	if a.Operation == arpRequest && i.mayAnswer() {
		i.sendARP(arpReply, target, mac, sender, mac)
	}
	return DropNone
}

// sendARPRequest asks once for target's hardware address: the station that had it, or everybody when at is nil.
func (i *Interface) sendARPRequest(target netip.Addr, at *[6]byte) {
	to := broadcastMAC
	if at != nil {
		to = *at
	}
	src, ok := i.source(target, target)
	if !ok {
		i.stats.OutDrops[DropNoRoute]++
		return
	}
	i.sendARP(arpRequest, src, [6]byte{}, target, to)
}

// sendARP reports whether the device took it.
func (i *Interface) sendARP(op uint16, src netip.Addr, dstMAC [6]byte, dst netip.Addr, to [6]byte) bool {
	n := i.hdrLen + arpLen
	b := i.dev.Buffer(n)
	if b == nil {
		i.stats.OutDrops[DropNoBuffer]++
		return false
	}
	i.putLink(b, &to, etherARP)
	p := b[i.hdrLen:]
	binary.BigEndian.PutUint16(p, 1) // Ethernet
	binary.BigEndian.PutUint16(p[2:], etherIPv4)
	p[4], p[5] = 6, 4
	binary.BigEndian.PutUint16(p[6:], op)
	s, d := src.As4(), dst.As4()
	copy(p[8:], i.hw[:])
	copy(p[14:], s[:])
	copy(p[18:], dstMAC[:])
	copy(p[24:], d[:])
	if i.transmit(n) != nil {
		i.stats.OutDrops[DropNoBuffer]++
		return false
	}
	return true
}
