package tlstest

import (
	"encoding/binary"

	"smoltls/internal/checksum"
)

// Offsets and lengths in an Ethernet frame with IPv4 and TCP.
const (
	etherLen   = 14
	ipv4Len    = 20 // without options, which our stacks do not send
	protoTCP   = 6
	flagFIN    = 0x01
	flagSYN    = 0x02
	etherTypeA = 12
)

// segment is where the parts of a TCP segment over IPv4 lie in its frame.
type segment struct {
	tcp, payload, end int
}

// parseSegment finds a segment. Frames that are not of our stacks' making it does not know, and IPv6 neither.
func parseSegment(frame []byte) (s segment, ok bool) {
	if len(frame) < etherLen+ipv4Len+20 || binary.BigEndian.Uint16(frame[etherTypeA:]) != 0x0800 {
		return s, false
	}
	ip := frame[etherLen:]
	if ip[0] != 0x45 || ip[9] != protoTCP || binary.BigEndian.Uint16(ip[6:])&0x3fff != 0 { // a fragment
		return s, false
	}
	s.tcp = etherLen + ipv4Len
	s.end = etherLen + int(binary.BigEndian.Uint16(ip[2:]))
	s.payload = s.tcp + int(frame[s.tcp+12]>>4)*4
	return s, s.payload >= s.tcp+20 && s.payload <= s.end && s.end <= len(frame)
}

// seal sets lengths and checksums right after a change.
func (s segment) seal(frame []byte) {
	ip, tcp := frame[etherLen:s.tcp], frame[s.tcp:s.end]
	binary.BigEndian.PutUint16(ip[2:], uint16(s.end-etherLen))
	binary.BigEndian.PutUint16(ip[10:], 0)
	binary.BigEndian.PutUint16(ip[10:], ^checksum.Fold(checksum.Sum(ip, 0)))
	binary.BigEndian.PutUint16(tcp[16:], 0)
	pseudo := checksum.PseudoV4([4]byte(ip[12:16]), [4]byte(ip[16:20]), protoTCP, len(tcp))
	binary.BigEndian.PutUint16(tcp[16:], ^checksum.Fold(checksum.Sum(tcp, pseudo)))
}

// way is what is done to the segments of one direction.
type way struct {
	next      uint32 // sequence number after all that was seen
	tamper    bool
	truncate  bool
	truncated bool
	finAt     uint32 // sequence number of the FIN that was put in
	recording bool
	record    []byte
}

// pass does it; nil: the frame is lost.
func (w *way) pass(frame []byte, s segment) []byte {
	data := frame[s.payload:s.end]
	seq := binary.BigEndian.Uint32(frame[s.tcp+4:])
	fresh := int32(seq-w.next) >= 0 && len(data) > 0 // to change a repetition would change nothing
	if frame[s.tcp+13]&flagSYN != 0 {
		w.next = seq + 1
	} else if fresh {
		w.next = seq + uint32(len(data))
	}
	if w.truncated || w.truncate && (fresh || frame[s.tcp+13]&flagFIN != 0) {
		return w.cutOff(frame, s)
	}
	if w.recording {
		w.record = append(w.record, data[:min(len(data), MaxRecording-len(w.record))]...)
	}
	if w.tamper && fresh {
		w.tamper = false
		data[len(data)-1] ^= 1
		s.seal(frame)
	}
	return frame
}

// cutOff makes a bare FIN of the first segment, and of its repetitions, and loses what follows.
func (w *way) cutOff(frame []byte, s segment) []byte {
	seq := binary.BigEndian.Uint32(frame[s.tcp+4:])
	if !w.truncated {
		w.truncated, w.finAt = true, seq
	}
	if s.end == s.payload && frame[s.tcp+13]&flagFIN == 0 {
		return frame // an acknowledgement
	}
	if seq != w.finAt {
		return nil
	}
	frame[s.tcp+13] |= flagFIN
	s.end = s.payload
	s.seal(frame)
	return frame[:s.end]
}
