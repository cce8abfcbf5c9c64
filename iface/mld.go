package iface

import (
	"encoding/binary"
	"net/netip"
	"time"

	"smoltls/internal/checksum"
)

// Multicast listener discovery: the messages of version 2 (RFC 3810 §5) and of version 1 (RFC 2710 §3).
const (
	typeMLDQuery    = 130
	typeMLDv1Report = 131
	typeMLDv1Done   = 132
	typeMLDv2Report = 143

	mldLen       = 24 // of a query or report of version 1
	mldv2Query   = 28 // of a query of version 2, at least
	mldRecordLen = 20
	mldHops      = 1 // RFC 3810 §5
)

var mldv2Routers = netip.MustParseAddr("ff02::16")

// receiveMLD takes a query, or another station's report.
func (i *Interface) receiveMLD(p *packet) DropReason {
	b := p.payload
	from := netip.AddrFrom16(p.tuple.remote)
	if p.hops != mldHops {
		return DropHopLimit
	}
	if !p.alert || len(b) < mldLen || !from.IsLinkLocalUnicast() && !from.IsUnspecified() {
		return DropMalformed
	}
	a := netip.AddrFrom16([16]byte(b[8:24]))
	switch b[0] {
	case typeMLDv1Report:
		return i.heardReport(family6, a)
	case typeMLDv1Done:
		return DropNotForUs
	}
	q, ok := parseMLDQuery(b)
	if !ok || from.IsUnspecified() { // RFC 3810 §5.1.14
		return DropMalformed
	}
	return i.receiveQuery(family6, q)
}

// parseMLDQuery reads a query that begins with its ICMP header (RFC 3810 §5.1, §8.1).
func parseMLDQuery(b []byte) (q query, ok bool) {
	if len(b) < mldLen || len(b) > mldLen && len(b) < mldv2Query {
		return q, false
	}
	q.group, q.older = netip.AddrFrom16([16]byte(b[8:24])), len(b) == mldLen
	if q.group.Is4In6() || !q.group.IsUnspecified() && !q.group.IsMulticast() {
		return q, false
	}
	code := int64(binary.BigEndian.Uint16(b[4:]))
	if !q.older && code >= 1<<15 { // RFC 3810 §5.1.3
		code = (code&0xfff | 0x1000) << (code>>12&7 + 3)
	}
	q.most = time.Duration(code) * time.Millisecond
	return q, true
}

// sendMLDv2 reports several groups.
func (i *Interface) sendMLDv2(rs []record) bool {
	m := make([]byte, 8, 8+mldRecordLen*len(rs))
	m[0] = typeMLDv2Report
	binary.BigEndian.PutUint16(m[6:], uint16(len(rs)))
	for _, r := range rs {
		a := r.addr.As16()
		m = append(append(m, r.kind, 0, 0, 0), a[:]...)
	}
	return i.sendMLD(mldv2Routers, m)
}

// sendMLDv1 reports one.
func (i *Interface) sendMLDv1(r record) bool {
	m := make([]byte, mldLen)
	a := r.addr.As16()
	copy(m[8:], a[:])
	if r.kind == recordToInclude {
		m[0] = typeMLDv1Done
		return i.sendMLD(allRouters, m)
	}
	m[0] = typeMLDv1Report
	return i.sendMLD(r.addr, m)
}

// sendMLD sends a message with the hop-by-hop option that makes routers look at it (RFC 2711), from our link-local
// address, or from nobody while there is none (RFC 3590 §4).
func (i *Interface) sendMLD(dst netip.Addr, m []byte) bool {
	src := netip.IPv6Unspecified()
	if a := i.linkLocal(); a != nil {
		src = a.addr()
	}
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, pseudo(src, dst, protoICMPv6, len(m)))))
	body := append([]byte{protoICMPv6, 0, optRouterAlert, 2, 0, 0, optPadN, 0}, m...)
	return !i.output(&outgoing{src: src, dst: dst, proto: protoHopByHop, hops: mldHops, whole: true, body: body})
}
