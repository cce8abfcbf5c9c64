package iface

import (
	"encoding/binary"
	"net/netip"
	"time"

	"smoltls/internal/checksum"
)

// IGMP: the messages of version 3 (RFC 3376 §4) and of version 2 (RFC 2236 §2). Queriers of version 1 are taken for
// those of version 2.
const (
	protoIGMP        = 2
	typeIGMPQuery    = 0x11
	typeIGMPv2Report = 0x16
	typeIGMPv2Leave  = 0x17
	typeIGMPv3Report = 0x22

	igmpLen       = 8
	igmpv3Query   = 12 // at least
	igmpRecordLen = 8
	igmpTTL       = 1
	igmpTraffic   = 0xc0 // RFC 3376 §4: internetwork control
	igmpHeaderLen = ipv4HeaderLen + 4
	igmpv1Delay   = 10 * time.Second // RFC 2236 §4
)

var (
	allRouters4   = netip.MustParseAddr("224.0.0.2")
	igmpv3Routers = netip.MustParseAddr("224.0.0.22")
)

// receiveIGMP takes a query, or another station's report.
func (i *Interface) receiveIGMP(p *packet) DropReason {
	b := p.payload
	if len(b) < igmpLen {
		return DropMalformed
	}
	if checksum.Fold(checksum.Sum(b, 0)) != 0xffff {
		return DropChecksum
	}
	if p.hops != igmpTTL {
		return DropHopLimit
	}
	if !p.toAll && !i.routes.onLink(p.tuple.remoteAddr().Addr()) { // a router passes on what is for one station, and whoever sends it can choose the TTL so
		return DropSource
	}
	switch b[0] {
	case typeIGMPv2Report:
		return i.heardReport(family4, netip.AddrFrom4([4]byte(b[4:8])))
	case typeIGMPQuery:
		q, ok := parseIGMPQuery(b)
		if !ok || !hasOption4(p.header[ipv4HeaderLen:], optRouterAlertIPv4) { // RFC 3376 §9.1
			return DropMalformed
		}
		return i.receiveQuery(family4, q)
	}
	return DropNotForUs
}

// parseIGMPQuery reads a query (RFC 3376 §4.1, §7.1).
func parseIGMPQuery(b []byte) (q query, ok bool) {
	if len(b) < igmpLen || len(b) > igmpLen && len(b) < igmpv3Query {
		return q, false
	}
	q.group, q.older = netip.AddrFrom4([4]byte(b[4:8])), len(b) == igmpLen
	if !q.group.IsUnspecified() && !q.group.IsMulticast() {
		return q, false
	}
	code := int64(b[1])
	if !q.older && code >= 1<<7 { // RFC 3376 §4.1.1
		code = (code&0x0f | 0x10) << (code>>4&7 + 3)
	}
	q.most = time.Duration(code) * 100 * time.Millisecond
	if q.older && code == 0 {
		q.most = igmpv1Delay
	}
	return q, true
}

// sendIGMPv3 reports several groups.
func (i *Interface) sendIGMPv3(rs []record) bool {
	m := make([]byte, 8, 8+igmpRecordLen*len(rs))
	m[0] = typeIGMPv3Report
	binary.BigEndian.PutUint16(m[6:], uint16(len(rs)))
	for _, r := range rs {
		a := r.addr.As4()
		m = append(append(m, r.kind, 0, 0, 0), a[:]...)
	}
	return i.sendIGMP(igmpv3Routers, m)
}

// sendIGMPv2 reports one.
func (i *Interface) sendIGMPv2(r record) bool {
	m := make([]byte, igmpLen)
	a := r.addr.As4()
	copy(m[4:], a[:])
	if r.kind == recordToInclude {
		m[0] = typeIGMPv2Leave
		return i.sendIGMP(allRouters4, m)
	}
	m[0] = typeIGMPv2Report
	return i.sendIGMP(r.addr, m)
}

// sendIGMP sends a message with the router alert option (RFC 2113), from an address of ours, or from nobody while there
// is none.
func (i *Interface) sendIGMP(dst netip.Addr, m []byte) bool {
	src, ok := i.source(dst, dst)
	if !ok {
		src = netip.IPv4Unspecified()
	}
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, 0)))
	b := make([]byte, igmpHeaderLen, igmpHeaderLen+len(m))
	putIPv4(b, protoIGMP, 0, src.As4(), dst.As4(), len(b)-ipv4HeaderLen+len(m))
	b[0], b[1], b[8] = 0x40|igmpHeaderLen/4, igmpTraffic, igmpTTL
	b[20], b[21], b[22], b[23] = optRouterAlertIPv4, 4, 0, 0
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], ^checksum.Fold(checksum.Sum(b, 0)))
	return !i.outputPacket(dst, append(b, m...))
}
