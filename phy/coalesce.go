package phy

import (
	"bytes"
	"encoding/binary"

	"smoltls/internal/checksum"
)

// coalescer puts TCP packets of one connection that follow each other together into a super-segment (generic receive
// offload): those that a card could have cut from one. Each one's checksum is verified before it is believed.
type coalescer struct {
	buf  []byte // what is put together
	n    int    // its length; 0: nothing
	at   packetPlan
	k    int  // packets in it
	last bool // nothing may follow what is there
}

// packetPlan is where things are in a TCP packet.
type packetPlan struct {
	ip, tcp, body int
	end           int // of the packet; the frame may be padded
	v4            bool
}

const (
	tcpACK = 0x10

	ipv4Fragment = 6 // flags and offset
	ipv4DF       = 0x4000
	ipv4Protocol = 9
	ipv6Next     = 6
)

// plan takes a frame apart, if it is a packet that others may follow: TCP right behind an IP header, no fragment, ACK
// and at most PSH set, some payload.
func plan(f []byte, m Medium) (p packetPlan, ok bool) {
	p.ip = linkLen(f, m)
	if len(f) < p.ip+ipv4Header+tcpHeader || m == MediumEthernet && !etherIs(f[p.ip-2:], f[p.ip]>>4) {
		return p, false
	}
	ip := f[p.ip:]
	switch ip[0] >> 4 {
	case 4:
		p.v4, p.tcp, p.end = true, p.ip+int(ip[0]&15)*4, p.ip+int(binary.BigEndian.Uint16(ip[ipv4Length:]))
		if ip[0]&15 < 5 || ip[ipv4Protocol] != protocolTCP || binary.BigEndian.Uint16(ip[ipv4Fragment:])&^ipv4DF != 0 {
			return p, false
		}
	case 6:
		p.tcp, p.end = p.ip+ipv6Header, p.ip+ipv6Header+int(binary.BigEndian.Uint16(ip[ipv6Length:]))
		if ip[ipv6Next] != protocolTCP {
			return p, false
		}
	default:
		return p, false
	}
	if p.end > len(f) || p.end < p.tcp+tcpHeader {
		return p, false
	}
	p.body = p.tcp + int(f[p.tcp+tcpOff]>>4)*4
	return p, p.body >= p.tcp+tcpHeader && p.end > p.body && f[p.tcp+tcpFlags]&^tcpPSH == tcpACK
}

// etherIs reports whether an EtherType is that of an IP version.
func etherIs(b []byte, version byte) bool {
	switch binary.BigEndian.Uint16(b) {
	case 0x0800:
		return version == 4
	case 0x86dd:
		return version == 6
	}
	return false
}

// verified reports whether a packet's checksums are right.
func verified(f []byte, p *packetPlan) bool {
	ip, tcp := f[p.ip:], f[p.tcp:p.end]
	if p.v4 {
		return checksum.Fold(checksum.Sum(ip[:p.tcp-p.ip], 0)) == 0xffff &&
			checksum.Fold(checksum.Sum(tcp, pseudoHeader(ip, len(tcp)))) == 0xffff
	}
	return checksum.Fold(checksum.Sum(tcp, pseudoHeader(ip, len(tcp)))) == 0xffff
}

// pseudoHeader is the partial sum of the pseudo-header of n bytes of TCP.
func pseudoHeader(ip []byte, n int) uint32 {
	if ip[0]>>4 == 4 {
		return checksum.PseudoV4([4]byte(ip[12:16]), [4]byte(ip[16:20]), protocolTCP, n)
	}
	return checksum.PseudoV6([16]byte(ip[8:24]), [16]byte(ip[24:40]), protocolTCP, n)
}

// begin takes the first packet. false: nothing may follow it.
func (c *coalescer) begin(f []byte, m Medium) bool {
	p, ok := plan(f, m)
	if !ok || f[p.tcp+tcpFlags]&tcpPSH != 0 {
		return false
	}
	if c.buf == nil {
		c.buf = make([]byte, MaxSuperFrame)
	}
	c.at, c.k, c.last = p, 1, false
	c.n = copy(c.buf, f[:p.end])
	return true
}

// add takes a packet that follows. false: it does not, or can't.
func (c *coalescer) add(f []byte, m Medium) bool {
	if c.last {
		return false
	}
	p, ok := plan(f, m)
	if !ok || !c.follows(f, &p) || !verified(f, &p) {
		return false
	}
	if c.k == 1 && !verified(c.buf, &c.at) {
		c.last = true
		return false
	}
	size, n := c.at.end-c.at.body, p.end-p.body
	c.n += copy(c.buf[c.n:], f[p.body:p.end])
	c.k++
	c.buf[c.at.tcp+tcpFlags] |= f[p.tcp+tcpFlags]
	c.last = n < size || f[p.tcp+tcpFlags]&tcpPSH != 0
	return true
}

// follows reports whether f, but for what differs from one packet of a super-segment to the next, is like the first
// one, and the next of its connection.
func (c *coalescer) follows(f []byte, p *packetPlan) bool {
	a := &c.at
	size, n := a.end-a.body, p.end-p.body
	if p.ip != a.ip || p.tcp != a.tcp || p.body != a.body || n > size || c.n+n > a.ip+MaxMTU {
		return false
	}
	seq := binary.BigEndian.Uint32(c.buf[a.tcp+tcpSeq:]) + uint32(c.n-a.body)
	if binary.BigEndian.Uint32(f[p.tcp+tcpSeq:]) != seq {
		return false
	}
	same := func(from, to int) bool { return bytes.Equal(f[from:to], c.buf[from:to]) }
	// Ports; acknowledgement and data offset; window; urgent pointer and options.
	if !same(0, p.ip) || !same(p.tcp, p.tcp+tcpSeq) || !same(p.tcp+tcpSeq+4, p.tcp+tcpFlags) || !same(p.tcp+tcpFlags+1, p.tcp+tcpSum) ||
		!same(p.tcp+tcpSum+2, p.body) {
		return false
	}
	if !p.v4 {
		return same(p.ip, p.ip+ipv6Length) && same(p.ip+ipv6Next, p.tcp)
	}
	id := binary.BigEndian.Uint16(c.buf[a.ip+ipv4ID:]) + uint16(c.k)
	numbered := f[p.ip+ipv4Fragment]&(ipv4DF>>8) != 0 || binary.BigEndian.Uint16(f[p.ip+ipv4ID:]) == id // RFC 6864 §4.1: with DF it says nothing
	return numbered && same(p.ip, p.ip+ipv4Length) && same(p.ip+ipv4Fragment, p.ip+ipv4Sum) && same(p.ip+ipv4Sum+2, p.tcp)
}

// take ends what is put together and gives it, which is good until the next begin.
func (c *coalescer) take() (frame []byte, info FrameInfo) {
	frame, n := c.buf[:c.n:c.n], c.n
	c.n = 0
	if c.k == 1 {
		return frame, FrameInfo{}
	}
	a := &c.at
	info = FrameInfo{
		GSO: GSOTCP6, Checksum: ChecksumPartial, SegmentSize: uint16(a.end - a.body), HeaderLen: uint16(a.body),
		ChecksumStart: uint16(a.tcp), ChecksumOffset: tcpSum,
	}
	ip := frame[a.ip:]
	if a.v4 {
		info.GSO = GSOTCP4
		binary.BigEndian.PutUint16(ip[ipv4Length:], uint16(n-a.ip))
		binary.BigEndian.PutUint16(ip[ipv4Sum:], 0)
		binary.BigEndian.PutUint16(ip[ipv4Sum:], ^checksum.Fold(checksum.Sum(ip[:a.tcp-a.ip], 0)))
	} else {
		binary.BigEndian.PutUint16(ip[ipv6Length:], uint16(n-a.tcp))
	}
	binary.BigEndian.PutUint16(frame[a.tcp+tcpSum:], checksum.Fold(pseudoHeader(ip, n-a.tcp)))
	return frame, info
}
