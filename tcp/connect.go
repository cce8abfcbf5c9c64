package tcp

// Connect opens the connection actively: SYN is what Emit gives next (RFC 9293 §3.10.1). iss is the initial sequence
// number, as [ISN] makes it. pathMSS is the largest payload that the path's MTU permits, without options. Errors:
// [ErrInUse], and that of [Env].Rand.
func (s *Socket) Connect(now Instant, localPort, remotePort uint16, iss Seq, pathMSS int) error {
	if err := s.open(now, localPort, remotePort, iss, pathMSS); err != nil {
		return err
	}
	s.state = StateSynSent
	s.startTimer(now) // for a host that can't send now
	s.env.Stats.ActiveOpens++
	s.host.Wake()
	return nil
}

// open sets what both kinds of opening have in common.
func (s *Socket) open(now Instant, localPort, remotePort uint16, iss Seq, pathMSS int) error {
	if s.state != StateClosed || s.err != nil {
		return ErrInUse
	}
	if err := s.env.seed(); err != nil {
		return err
	}
	s.localPort, s.remotePort = localPort, remotePort
	s.iss, s.sndUna, s.sndNxt, s.sndMax = iss, iss, iss, iss
	s.pathMSS = s.cfg.segmentOn(pathMSS)
	s.rcvWScale = uint8(s.cfg.wscale())
	s.rcvMSS = defaultMSS
	s.progress = now
	s.flags |= flagSYN
	s.rtxAt = Never
	return nil
}

// minMSS is the least payload that a segment may be limited to; a peer that asks for less gets this (it would make
// headers of us).
const minMSS = 64

// defaultMSS is what a peer without an MSS option takes (RFC 9293 §3.7.1).
const defaultMSS = 536

// takeSYN takes the peer's SYN.
func (s *Socket) takeSYN(now Instant, seg *Segment) {
	s.irs = seg.Seq
	s.rcvNxt = seg.Seq + 1
	s.tunedAt, s.tunedFrom = now.micros(), s.rcvNxt
	s.openWindow()
	s.synOptions(now, seg)
	s.sndWnd = uint32(seg.Window) // never scaled in a SYN (RFC 7323 §2.2)
	s.maxSndWnd = s.sndWnd
	s.sndWl1, s.sndWl2 = seg.Seq, seg.Ack
}

// synOptions takes the options of the peer's SYN.
func (s *Socket) synOptions(now Instant, seg *Segment) {
	peer := int(seg.MSS)
	if peer == 0 {
		peer = defaultMSS
	}
	mss := max(minMSS, min(peer, int(s.pathMSS)))
	s.peerMSS = s.cfg.segmentOn(peer)
	if seg.WScale >= 0 {
		s.sndWScale = uint8(min(seg.WScale, maxWScale))
	} else {
		s.rcvWScale = 0 // both or none (RFC 7323 §2.2)
		s.flags |= flagNoWScale
	}
	if seg.HasTS && !s.cfg.NoTimestamps {
		s.flags |= flagTS
		s.setTSRecent(now, seg.TSVal)
		mss -= tsLen // RFC 6691: the option's value counts no options
	}
	if seg.SACKPermitted && !s.cfg.NoSACK {
		s.flags |= flagSACK
	}
	s.agreeECN(seg)
	s.mss = uint16(mss)
}

// established enters ESTABLISHED: our SYN is acknowledged.
func (s *Socket) established(now Instant) {
	s.setState(StateEstablished)
	s.env.Stats.Established++
	s.congestion().open(s, now)
	s.backoff, s.retries = 0, 0
	if s.cfg.KeepAlive > 0 {
		s.idleAt = now.Add(s.cfg.KeepAlive)
	}
	s.host.Notify()
}
