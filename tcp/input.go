package tcp

// Process takes a segment that arrived for this connection (RFC 9293 §3.10.7). The host has verified the checksum and
// matched both addresses and both ports. seg is only read, and not kept.
func (s *Socket) Process(now Instant, seg *Segment) {
	s.env.Stats.SegmentsIn++
	if s.fastData(now, seg) {
		return
	}
	switch s.state {
	case StateClosed, StateListen:
		s.env.Stats.DropClosed++
		return
	case StateSynSent:
		s.processSynSent(now, seg)
		return
	case StateSynReceived:
		switch f := seg.Flags & (SYN | ACK | RST); {
		case f == SYN && seg.Seq == s.irs:
			s.repeatSYN(now, seg)
			return
		case f == SYN|ACK && seg.Seq == s.irs:
			seg = s.withoutSYN(seg)
		}
	}
	if !s.checkSequence(now, seg) || !s.checkRST(now, seg) || !s.checkSYN(now, seg) {
		return
	}
	if seg.Flags&ACK == 0 {
		s.env.Stats.DropNoACK++
		return
	}
	s.heard(now)
	if !s.processACK(now, seg) {
		return
	}
	s.processText(now, seg)
	s.processFIN(now, seg)
}

// fastData takes the segment that bulk transfers consist of: in order, in an open connection, acknowledging nothing
// new, by SACK neither, and changing no window.
func (s *Socket) fastData(now Instant, seg *Segment) bool {
	if s.state != StateEstablished || seg.Flags&^PSH != ACK || seg.Seq != s.rcvNxt || seg.Ack != s.sndUna || s.ooo != nil ||
		len(seg.Payload) == 0 || len(seg.SACK) > 0 || s.flags&(flagNoRead|flagPersist) != 0 || uint32(seg.Window)<<s.sndWScale != s.sndWnd {
		return false
	}
	if s.flags&flagTS != 0 {
		if !seg.HasTS || int32(seg.TSVal-s.tsRecent) < 0 {
			return false
		}
		s.takeTS(now, seg)
	}
	if len(seg.Payload) > s.rcvAdv.Sub(s.rcvNxt) {
		return false
	}
	s.sndWl1, s.sndWl2 = seg.Seq, seg.Ack
	s.heard(now)
	s.processText(now, seg)
	return true
}
