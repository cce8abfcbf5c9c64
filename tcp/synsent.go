package tcp

// processSynSent is RFC 9293 §3.10.7.3.
func (s *Socket) processSynSent(now Instant, seg *Segment) {
	if seg.Flags&ACK != 0 && (seg.Ack.LessEq(s.iss) || s.sndMax.Less(seg.Ack)) {
		s.env.Stats.DropBadACK++
		if seg.Flags&RST == 0 {
			s.resetReply(seg.Ack)
		}
		return
	}
	if seg.Flags&RST != 0 {
		if seg.Flags&ACK != 0 {
			s.env.Stats.ResetsIn++
			s.close(ErrRefused)
		}
		return
	}
	if seg.Flags&SYN == 0 {
		s.env.Stats.DropNotAcceptable++
		return
	}
	s.takeSYN(now, seg)
	if seg.Flags&ACK == 0 { // simultaneous open (RFC 9293 §3.5, figure 7)
		s.state = StateSynReceived
		s.flags |= flagSYN
		s.sndNxt = s.iss
		s.host.Wake()
		return
	}
	s.ackedSYN(now, seg)
	s.established(now)
	s.ackNow()
	// Data and FIN that came with the SYN count from behind it.
	rest := *seg
	rest.Seq++
	rest.Flags &^= SYN
	s.processText(now, &rest)
	s.processFIN(now, &rest)
}

// ackedSYN takes the acknowledgement of our SYN.
func (s *Socket) ackedSYN(now Instant, seg *Segment) {
	s.sampleRTT(now, seg)
	s.flags &^= flagSYN
	s.sndUna = s.iss + 1
	s.sndNxt = maxSeq(s.sndNxt, s.sndUna)
	s.sndMax = maxSeq(s.sndMax, s.sndUna)
	s.progress = now
	s.rtxAt = Never
	s.backoff = 0
}

// openWindow sets the right edge that our SYN told: its window is not scaled.
func (s *Socket) openWindow() {
	s.rcvAdv = s.rcvNxt.Add(min(s.cfg.recvBuffer(), 0xffff))
}
