package iface

import (
	"bytes"
	"encoding/binary"

	"smoltls/internal/checksum"
	"smoltls/tcp"
)

// prediction is how the next frame will begin if it is of the same connection as the last segment, as in a bulk
// transfer most are: everything before TCP's sequence number, but for what differs from one packet to the next. Such a
// frame needs no taking apart layer by layer, and what was checked of its addresses need not be checked again.
type prediction struct {
	conn    *Conn // nil: nothing is predicted
	ip, tcp int   // where these headers begin
	v4      bool
	head    [ethernetHeaderLen + vlanTagLen + ipv6HeaderLen + portsLen]byte
}

const portsLen = 4

// predict takes a frame for the model of the next one: an ordinary IP packet with a segment for c, which was taken.
func (i *Interface) predict(frame []byte, c *Conn) {
	h := &i.next
	h.ip, h.v4 = i.hdrLen, c.tuple.is4()
	h.tcp = h.ip + ipv6HeaderLen
	if h.v4 {
		h.tcp = h.ip + ipv4HeaderLen
		if frame[h.ip] != 0x45 || binary.BigEndian.Uint16(frame[h.ip+6:])&0x3fff != 0 { // options; a fragment
			return
		}
	}
	h.conn = c
	copy(h.head[:h.tcp+portsLen], frame)
}

// matches reports whether frame is as predicted, and gives the length of its packet.
func (h *prediction) matches(frame []byte) (length int, ok bool) {
	if h.conn == nil || len(frame) < h.tcp+tcp.HeaderLen || h.conn.State() != tcp.StateEstablished {
		return 0, false
	}
	end := h.tcp + portsLen
	if h.v4 {
		length = int(binary.BigEndian.Uint16(frame[h.ip+2:]))
		ok = bytes.Equal(frame[:h.ip+2], h.head[:h.ip+2]) && bytes.Equal(frame[h.ip+6:h.ip+10], h.head[h.ip+6:h.ip+10]) &&
			bytes.Equal(frame[h.ip+12:end], h.head[h.ip+12:end])
	} else {
		length = ipv6HeaderLen + int(binary.BigEndian.Uint16(frame[h.ip+4:]))
		ok = bytes.Equal(frame[:h.ip+4], h.head[:h.ip+4]) && bytes.Equal(frame[h.ip+6:end], h.head[h.ip+6:end])
	}
	return length, ok && h.ip+length <= len(frame) && h.ip+length >= h.tcp+tcp.HeaderLen
}

// predicted takes a frame that is as predicted, and right in every respect. What it does not take is judged as any
// other.
func (i *Interface) predicted(frame []byte, p *packet) bool {
	h := &i.next
	length, ok := h.matches(frame)
	if !ok {
		return false
	}
	ip, body := frame[h.ip:h.ip+length], frame[h.tcp:h.ip+length]
	if h.v4 && checksum.Fold(checksum.Sum(ip[:ipv4HeaderLen], 0)) != 0xffff {
		return false
	}
	c := h.conn
	if !p.summed && checksum.Fold(checksum.Sum(body, uint32(checksum.Fold(c.pseudo))+uint32(len(body)))) != 0xffff {
		return false
	}
	var seg tcp.Segment
	if seg.Parse(body) != nil {
		return false
	}
	traffic := ip[1]
	if !h.v4 {
		traffic = ip[0]<<4 | ip[1]>>4
	}
	seg.Size, seg.CE = p.segmentSize, traffic&ecnMask == ecnCE
	i.process(c, &seg)
	return true
}
