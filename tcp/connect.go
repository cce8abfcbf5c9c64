package tcp

import "time"

// Connect opens the connection actively: SYN is what Emit gives next (RFC 9293 §3.10.1). iss is the initial sequence number, as [ISN] makes it.
// pathMSS is the largest payload that the path's MTU permits, without options. The error is [ErrInUse].
func (s *Socket) Connect(now Instant, localPort, remotePort uint16, iss Seq, pathMSS int) error {
	if s.state != StateClosed || s.err != nil {
		return ErrInUse
	}
	s.open(now, localPort, remotePort, iss, pathMSS)
	s.state = StateSynSent
	s.env.Stats.ActiveOpens++
	s.host.Wake()
	return nil
}

// open sets what both kinds of opening have in common.
func (s *Socket) open(now Instant, localPort, remotePort uint16, iss Seq, pathMSS int) {
	s.localPort, s.remotePort = localPort, remotePort
	s.iss, s.sndUna, s.sndNxt, s.sndMax = iss, iss, iss, iss
	s.pathMSS = uint16(min(max(pathMSS, minMSS), 0xffff))
	s.rcvWScale = uint8(s.cfg.wscale())
	s.tsOffset = uint32(iss) * 2654435761 // differs from connection to connection, as RFC 7323 §5.4 permits, and tells nothing of our uptime
	s.rto = uint32(s.cfg.initialRTO() / time.Microsecond)
	s.progress = now
	s.flags |= flagSYN
	s.rtxAt = Never
}

// minMSS is the least payload that a segment may be limited to; a peer that asks for less gets this (it would make headers of us).
const minMSS = 64

// defaultMSS is what a peer without an MSS option takes (RFC 9293 §3.7.1).
const defaultMSS = 536

// synOptions takes the options of the peer's SYN.
func (s *Socket) synOptions(now Instant, seg *Segment) {
	peer := int(seg.MSS)
	if peer == 0 {
		peer = defaultMSS
	}
	mss := max(minMSS, min(peer, int(s.pathMSS)))
	if seg.WScale >= 0 {
		s.sndWScale = uint8(seg.WScale)
	} else {
		s.rcvWScale = 0 // both or none (RFC 7323 §2.2)
	}
	if seg.HasTS && !s.cfg.NoTimestamps {
		s.flags |= flagTS
		s.setTSRecent(now, seg.TSVal)
		mss -= tsLen // RFC 6691: the option's value counts no options
	}
	s.mss = uint16(mss)
	s.initCwnd()
}

// established enters ESTABLISHED: our SYN is acknowledged.
func (s *Socket) established(now Instant) {
	s.setState(StateEstablished)
	s.env.Stats.Established++
	s.backoff = 0
	if s.flags&flagTimedOut != 0 && s.srtt == 0 {
		s.rto = uint32(max(3*time.Second, s.cfg.minRTO()) / time.Microsecond) // RFC 6298 §5.7
	}
	if s.cfg.KeepAlive > 0 {
		s.idleAt = now.Add(s.cfg.KeepAlive)
	}
	s.host.Notify()
}
