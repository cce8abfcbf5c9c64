package tcp

// pawsIdle is how long tsRecent is believed: 24 days in milliseconds (RFC 7323 §5.5).
const pawsIdle = 24 * 24 * 3600 * 1000

func (s *Socket) setTSRecent(now Instant, val uint32) {
	s.tsRecent, s.tsRecentAt = val, now.millis()
}

// tsVal is the stack's timestamp at now.
func (e *Env) tsVal(now Instant) uint32 { return now.millis() + e.tsOffset }

// tsVal is our timestamp at now.
func (s *Socket) tsVal(now Instant) uint32 { return s.env.tsVal(now) }

// paws reports whether seg is a duplicate from the past (RFC 7323 §5.3 R1).
func (s *Socket) paws(now Instant, seg *Segment) bool {
	return int32(seg.TSVal-s.tsRecent) < 0 && now.millis()-s.tsRecentAt < pawsIdle
}

// takeTS remembers the timestamp of a segment that passed paws, to echo it, if the segment covers what we acknowledged
// last (RFC 7323 §4.3).
func (s *Socket) takeTS(now Instant, seg *Segment) {
	lastAck := s.rcvNxt - Seq(s.unacked)
	if seg.Seq.LessEq(lastAck) && !s.paws(now, seg) {
		s.setTSRecent(now, seg.TSVal)
	}
}
