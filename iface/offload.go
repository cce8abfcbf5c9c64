package iface

import (
	"encoding/binary"

	"smoltls/phy"
	"smoltls/tcp"
)

// Segmentation and checksum offload: what the device takes off our hands, by phy.Offloader.
const (
	tcpChecksumAt = 16
	udpChecksumAt = 6
	tcpFlagsAt    = 13
	flagCWR       = 0x80

	// maxSuper is the most payload of a super-segment: an IPv4 packet has room for so much, with the longest headers of
	// either family.
	maxSuper = 65535 - ipv6HeaderLen - tcp.MaxHeaderLen
)

// openOffload finds out what the device does beyond the ordinary.
func (i *Interface) openOffload() {
	d, ok := i.dev.(phy.Offloader)
	if !ok || d.Offload() == 0 {
		return
	}
	i.offload, i.offloads = d, d.Offload()
}

// receive gives the next frame. What its device says of it is kept for those who check it.
func (i *Interface) receive() (frame []byte, err error) {
	if i.offload == nil {
		return i.dev.Receive(i.clock)
	}
	frame, i.info, err = i.offload.ReceiveSuper(i.clock)
	return frame, err
}

// weight is for how many packets the frame of n bytes stands that was received last.
func (i *Interface) weight(n int) int {
	if i.info.GSO == phy.GSONone {
		return 1
	}
	size := max(int(i.info.SegmentSize), 1)
	return (n + size - 1) / size
}

// takeInfo takes what the device said of a frame: whether its checksum needs no look, and what it was put together of.
// A partial checksum that is not TCP's or UDP's, or lies behind more than an IP header, is made whole here, so that
// nobody else has to know of it.
func (i *Interface) takeInfo(frame []byte, p *packet) {
	if i.offload == nil {
		return
	}
	if i.info.GSO != phy.GSONone {
		p.segmentSize = int(i.info.SegmentSize)
		i.stats.SupersIn++
	}
	switch {
	case i.info.Checksum == phy.ChecksumWhole:
	case i.plainTransport(frame):
		p.summed = true
	case i.info.Checksum == phy.ChecksumPartial:
		phy.CompleteChecksum(frame, &i.info)
	}
}

// plainTransport reports whether frame is an IP packet, not a fragment, in which TCP or UDP follow the IP header, and a
// partial checksum, if it has one, is theirs.
func (i *Interface) plainTransport(frame []byte) bool {
	if len(frame) < i.hdrLen+ipv4HeaderLen {
		return false
	}
	ip, at, proto := frame[i.hdrLen:], ipv6HeaderLen, byte(0)
	switch ip[0] >> 4 {
	case 4:
		at, proto = int(ip[0]&15)*4, ip[9]
		if binary.BigEndian.Uint16(ip[6:])&0x3fff != 0 {
			return false
		}
	case 6:
		proto = ip[6]
	}
	field := tcpChecksumAt
	switch proto {
	case protoUDP:
		field = udpChecksumAt
	case protoTCP:
	default:
		return false
	}
	return i.info.Checksum != phy.ChecksumPartial || int(i.info.ChecksumStart) == i.hdrLen+at && int(i.info.ChecksumOffset) == field
}

// sendSupers sends up to limit segments of c's in super-segments, of which the last may exceed it.
func (i *Interface) sendSupers(c *Conn, limit int) (n int, more bool, err error) {
	for n < limit {
		segments, err := i.sendSuper(c)
		if segments == 0 {
			return n, i.blocked || err != nil, err
		}
		n += segments
	}
	return n, true, nil
}

// sendSuper sends c's next segment, or super-segment, to a device that has offload. It gives how many segments that is:
// 0 when c has none.
func (i *Interface) sendSuper(c *Conn) (segments int, err error) {
	frame := i.offload.BufferSuper(phy.MaxSuperFrame)
	if frame == nil {
		i.blocked = true
		return 0, nil
	}
	x, info := &i.super, phy.FrameInfo{}
	ipLen, gso := ipv6HeaderLen, phy.GSOTCP6
	if c.tuple.is4() {
		ipLen, gso = ipv4HeaderLen, phy.GSOTCP4
	}
	x.Limit = i.superLimit(gso)
	packet := frame[i.hdrLen:]
	n := c.EmitSuper(i.now, packet[ipLen:], c.pseudo, x)
	if n == 0 {
		return 0, nil
	}
	if x.HeaderLen > 0 {
		body := ipLen + x.HeaderLen
		c.PayloadTo(x, 0, packet[body:body+x.Payload])
		info.Checksum, info.ChecksumStart, info.ChecksumOffset = phy.ChecksumPartial, uint16(i.hdrLen+ipLen), tcpChecksumAt
		if x.Payload > x.SegmentSize {
			info.GSO, info.SegmentSize, info.HeaderLen = gso, uint16(x.SegmentSize), uint16(i.hdrLen+body)
			info.ECN = packet[ipLen+tcpFlagsAt]&flagCWR != 0
			i.stats.SupersOut++
		}
	}
	i.putIP(packet, c, n)
	c.ipID += uint16(x.Segments() - 1)
	if i.ether {
		i.putIPLink(frame, &c.hop.mac, c.tuple.is4())
	}
	length := i.hdrLen + ipLen + n
	if err := i.offload.SendSuper(i.clock, length, info); err != nil {
		return 0, err
	}
	i.sent(length)
	return x.Segments(), nil
}

// superLimit is how much payload the device takes at once.
func (i *Interface) superLimit(g phy.GSO) int {
	need := phy.OffloadTSO4
	if g == phy.GSOTCP6 {
		need = phy.OffloadTSO6
	}
	if !i.offloads.Has(need | phy.OffloadChecksum | phy.OffloadECN) {
		return 0
	}
	return maxSuper
}
