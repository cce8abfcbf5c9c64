package tcp

// Super is what a socket sends in one piece and the host, or the device under it, cuts into segments: all but the last
// have SegmentSize bytes of payload. Each gets the same header but for its sequence number; PSH and FIN are the last
// one's, CWR the first one's.
type Super struct {
	Limit int // set by the host: most bytes of payload that it takes at once. Less than a segment's: one segment

	HeaderLen   int // of the header that was written; 0: what was written is a whole segment
	Payload     int // bytes, which PayloadTo and PayloadSum give
	SegmentSize int // of each segment

	offset int // in the send queue
}

// Segments is how many segments x is cut into.
func (x *Super) Segments() int {
	if x.Payload <= x.SegmentSize {
		return 1
	}
	return (x.Payload + x.SegmentSize - 1) / x.SegmentSize
}

func (x *Super) limit() int {
	if x == nil {
		return 0
	}
	return x.Limit
}

// EmitSuper is [Socket.Emit] for a host that fetches the payload itself: only the header of a segment with data, or of
// a super-segment, is written into b, and the length that is given is that of all of it. Its checksum field has the
// folded sum of the pseudo-header, with that length. Without data b has a whole segment, and x.HeaderLen is 0. The
// payload is fetched before the next call on s.
func (s *Socket) EmitSuper(now Instant, b []byte, pseudo uint32, x *Super) int {
	*x = Super{Limit: x.Limit}
	if len(b) <= MaxHeaderLen {
		return 0
	}
	n := s.emit(now, b, pseudo, x)
	if n > 0 {
		s.env.Stats.SegmentsOut += uint64(x.Segments())
	}
	return n
}

// PayloadTo copies x's payload, from off on, to dst, which is not longer than what is left of it.
func (s *Socket) PayloadTo(x *Super, off int, dst []byte) { s.snd.CopyOut(dst, x.offset+off) }

// PayloadSum is PayloadTo, and gives the partial sum of what was copied.
func (s *Socket) PayloadSum(x *Super, off int, dst []byte) uint32 {
	return s.snd.CopySum(dst, x.offset+off, 0)
}

// fullSize is how long a full segment of seg's is, as far as it shows.
func (seg *Segment) fullSize() int {
	if seg.Size > 0 {
		return seg.Size
	}
	return len(seg.Payload)
}
