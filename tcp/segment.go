package tcp

import (
	"encoding/binary"
	"errors"

	"smoltls/internal/checksum"
)

// HeaderLen is the length of a TCP header without options.
const HeaderLen = 20

// MaxHeaderLen is the length of the longest header that Emit writes.
const MaxHeaderLen = HeaderLen + maxOptions

// ErrSegment says that bytes are no TCP segment: too short, or with an impossible data offset.
var ErrSegment = errors.New("tcp: malformed segment")

// Segment is a decoded TCP segment. Payload aliases the bytes it was decoded from.
type Segment struct {
	SrcPort, DstPort uint16
	Seq, Ack         Seq
	Flags            Flags
	Window           uint16 // as it stands in the header, not scaled
	Options
	Payload []byte
	CE      bool // set by the host: a router has marked it (RFC 3168 §5); Parse leaves it alone

	// Size is how many bytes of payload each of the segments had that Payload was put together of, but for the last
	// one; 0: it is one segment's.
	Size int
}

// Parse decodes b, a whole segment. The checksum is not looked at. Errors: [ErrSegment], [ErrOptions].
func (s *Segment) Parse(b []byte) error {
	if len(b) < HeaderLen {
		return ErrSegment
	}
	off := int(b[12]>>4) * 4
	if off < HeaderLen || off > len(b) {
		return ErrSegment
	}
	s.SrcPort, s.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	s.Seq, s.Ack = Seq(binary.BigEndian.Uint32(b[4:])), Seq(binary.BigEndian.Uint32(b[8:]))
	s.Flags = Flags(b[13])
	s.Window = binary.BigEndian.Uint16(b[14:])
	s.Payload = b[off:]
	return s.Options.Parse(b[HeaderLen:off])
}

// Len is the space that s takes among the sequence numbers: its payload, and one each for SYN and FIN (RFC 9293 §3.4).
func (s *Segment) Len() int {
	n := len(s.Payload)
	if s.Flags&SYN != 0 {
		n++
	}
	if s.Flags&FIN != 0 {
		n++
	}
	return n
}

// putHeader writes a header of hdrLen bytes but for options and checksum.
func putHeader(b []byte, src, dst uint16, seq, ack Seq, f Flags, wnd uint16, hdrLen int) {
	_ = b[HeaderLen-1]
	binary.BigEndian.PutUint16(b, src)
	binary.BigEndian.PutUint16(b[2:], dst)
	binary.BigEndian.PutUint32(b[4:], uint32(seq))
	binary.BigEndian.PutUint32(b[8:], uint32(ack))
	b[12] = byte(hdrLen/4) << 4
	b[13] = byte(f)
	binary.BigEndian.PutUint16(b[14:], wnd)
	binary.BigEndian.PutUint32(b[16:], 0) // checksum, urgent pointer
}

// putChecksum completes a segment of n bytes at b, whose payload, behind the header of hdrLen bytes, sums to payload.
// pseudo is the partial sum of the pseudo-header without its length (RFC 9293 §3.1).
func putChecksum(b []byte, n, hdrLen int, pseudo, payload uint32) {
	sum := checksum.Sum(b[:hdrLen], uint32(checksum.Fold(pseudo))+uint32(n))
	sum = uint32(checksum.Fold(sum)) + uint32(checksum.Fold(payload))
	binary.BigEndian.PutUint16(b[16:], ^checksum.Fold(sum))
}

// putPartialChecksum leaves it to whoever puts the segment of n bytes on a wire to add up more than the pseudo-header.
func putPartialChecksum(b []byte, n int, pseudo uint32) {
	binary.BigEndian.PutUint16(b[16:], checksum.Fold(uint32(checksum.Fold(pseudo))+uint32(n)))
}

// Reset writes the RST that answers seg, which belongs to no connection (RFC 9293 §3.10.7.1), into b, and gives its
// length; 0 when none is due (seg is a RST itself) or b is shorter than [HeaderLen]. pseudo is as in [Socket.Emit].
func Reset(seg *Segment, b []byte, pseudo uint32) int {
	if seg.Flags&RST != 0 || len(b) < HeaderLen {
		return 0
	}
	if seg.Flags&ACK != 0 {
		putHeader(b, seg.DstPort, seg.SrcPort, seg.Ack, 0, RST, 0, HeaderLen)
	} else {
		putHeader(b, seg.DstPort, seg.SrcPort, 0, seg.Seq.Add(seg.Len()), RST|ACK, 0, HeaderLen)
	}
	putChecksum(b, HeaderLen, HeaderLen, pseudo, 0)
	return HeaderLen
}
