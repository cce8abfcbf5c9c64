package phy

import (
	"encoding/binary"

	"smoltls/internal/checksum"
)

// cutter makes ordinary frames of what came in another form: it completes partial checksums and cuts super-segments, as
// a network card does with what it is given to send.
type cutter struct {
	frame []byte // under way; nil: none
	ip    int    // where its IP header begins,
	tcp   int    // its TCP header,
	at    int    // and the payload that has not been given yet
	body  int    // and where all payload began
	size  int
	out   []byte
}

// Where fields are in their headers (RFC 791 §3.1, RFC 8200 §3, RFC 9293 §3.1).
const (
	ipv4Header, ipv6Header, tcpHeader = 20, 40, 20

	ipv4Length, ipv4ID, ipv4Sum      = 2, 4, 10
	ipv6Length                       = 4
	tcpSeq, tcpOff, tcpFlags, tcpSum = 4, 12, 13, 16

	tcpFIN, tcpPSH, tcpCWR = 1, 8, 0x80
	protocolTCP            = 6
)

// take begins with a frame. It gives the frame itself, made ordinary, when it stands for one packet, and nil when next
// gives what it stands for. false: the frame and info do not fit each other.
func (c *cutter) take(frame []byte, info *FrameInfo, m Medium) (whole []byte, ok bool) {
	c.frame = nil
	if info.GSO == GSONone {
		return frame, info.Checksum != ChecksumPartial || CompleteChecksum(frame, info)
	}
	c.ip, c.tcp, c.size = linkLen(frame, m), int(info.ChecksumStart), int(info.SegmentSize)
	if info.Checksum != ChecksumPartial || info.ChecksumOffset != tcpSum || len(frame) < c.tcp+tcpHeader || !c.ipFits(frame, info.GSO) {
		return nil, false
	}
	c.body = c.tcp + int(frame[c.tcp+tcpOff]>>4)*4
	if c.body < c.tcp+tcpHeader || c.body >= len(frame) || c.size == 0 {
		return nil, false
	}
	c.frame, c.at = frame, c.body
	return nil, true
}

// linkLen is how many bytes of a frame stand before its IP packet, an 802.1Q tag counted.
func linkLen(frame []byte, m Medium) int {
	if m == MediumEthernet && len(frame) > ethernetHeader && frame[12] == 0x81 && frame[13] == 0 {
		return ethernetHeader + vlanTag
	}
	return m.HeaderLen()
}

// ipFits reports whether the IP header before TCP's is what g says.
func (c *cutter) ipFits(frame []byte, g GSO) bool {
	if g == GSOTCP4 {
		return c.tcp >= c.ip+ipv4Header && frame[c.ip]>>4 == 4 && c.ip+int(frame[c.ip]&15)*4 == c.tcp
	}
	return c.tcp >= c.ip+ipv6Header && frame[c.ip]>>4 == 6
}

// pending reports whether next has a frame to give.
func (c *cutter) pending() bool { return c.frame != nil }

// nextLen is the length of the next packet.
func (c *cutter) nextLen() int { return c.body + min(c.size, len(c.frame)-c.at) }

// next gives the next packet that the frame stands for. It is good until the one after it.
func (c *cutter) next() []byte {
	if need := c.nextLen(); cap(c.out) < need {
		c.out = make([]byte, need)
	}
	b := c.out[:c.nextLen()]
	c.put(b)
	return b
}

// put writes the next packet to b, which has its length.
func (c *cutter) put(b []byte) {
	n := len(b) - c.body
	copy(b, c.frame[:c.body])
	copy(b[c.body:], c.frame[c.at:c.at+n])
	first, last := c.at == c.body, c.at+n == len(c.frame)
	c.number(b, (c.at-c.body)/c.size)
	if !first {
		b[c.tcp+tcpFlags] &^= tcpCWR
	}
	if !last {
		b[c.tcp+tcpFlags] &^= tcpFIN | tcpPSH
	}
	c.sum(b)
	if c.at += n; last {
		c.frame = nil
	}
}

// number gives b, the k-th packet, its length and its place.
func (c *cutter) number(b []byte, k int) {
	ip, tcp := b[c.ip:], b[c.tcp:]
	if ip[0]>>4 == 4 {
		binary.BigEndian.PutUint16(ip[ipv4Length:], uint16(len(ip)))
		binary.BigEndian.PutUint16(ip[ipv4ID:], binary.BigEndian.Uint16(ip[ipv4ID:])+uint16(k))
		binary.BigEndian.PutUint16(ip[ipv4Sum:], 0)
		binary.BigEndian.PutUint16(ip[ipv4Sum:], ^checksum.Fold(checksum.Sum(ip[:c.tcp-c.ip], 0)))
	} else {
		binary.BigEndian.PutUint16(ip[ipv6Length:], uint16(len(ip)-ipv6Header))
	}
	binary.BigEndian.PutUint32(tcp[tcpSeq:], binary.BigEndian.Uint32(tcp[tcpSeq:])+uint32(k*c.size))
}

// sum gives b its TCP checksum.
func (c *cutter) sum(b []byte) {
	ip, tcp := b[c.ip:], b[c.tcp:]
	var s uint32
	if ip[0]>>4 == 4 {
		s = checksum.PseudoV4([4]byte(ip[12:16]), [4]byte(ip[16:20]), protocolTCP, len(tcp))
	} else {
		s = checksum.PseudoV6([16]byte(ip[8:24]), [16]byte(ip[24:40]), protocolTCP, len(tcp))
	}
	binary.BigEndian.PutUint16(tcp[tcpSum:], 0)
	binary.BigEndian.PutUint16(tcp[tcpSum:], ^checksum.Fold(checksum.Sum(tcp, s)))
}

// superSource gives frames of whatever form.
type superSource interface {
	receiveSuper() (frame []byte, info FrameInfo, err error)
}

// receive gives the next ordinary frame of a source. One that contradicts its own information is given as it is:
// whoever decodes it sees what is wrong.
func (c *cutter) receive(m Medium, from superSource) ([]byte, error) {
	if c.pending() {
		return c.next(), nil
	}
	frame, info, err := from.receiveSuper()
	if frame == nil {
		return nil, err
	}
	whole, ok := c.take(frame, &info, m)
	switch {
	case !ok:
		return frame, nil
	case whole == nil:
		return c.next(), nil
	}
	return whole, nil
}

// CompleteChecksum makes a partial checksum of a frame whole. false: info says that it is where the frame is not.
func CompleteChecksum(frame []byte, info *FrameInfo) bool {
	start, at := int(info.ChecksumStart), int(info.ChecksumStart)+int(info.ChecksumOffset)
	if at+2 > len(frame) {
		return false
	}
	sum := ^checksum.Fold(checksum.Sum(frame[start:], 0))
	if sum == 0 { // RFC 768: UDP's 0 says that there is none; elsewhere both mean the same
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(frame[at:], sum)
	return true
}
