package tcp

// emitHandshake writes SYN or SYN+ACK, or in SYN-RECEIVED an ACK that was asked for.
func (s *Socket) emitHandshake(now Instant, b []byte, pseudo uint32) int {
	if s.flags&flagSYN == 0 {
		if s.flags&flagAckNow != 0 && s.state == StateSynReceived {
			return s.emitACK(now, b, pseudo, s.sndMax)
		}
		s.flags &^= flagAckNow
		return 0
	}
	s.flags &^= flagSYN | flagAckNow
	o := Options{MSS: s.pathMSS, WScale: int8(s.rcvWScale), HasTS: !s.cfg.NoTimestamps, TSVal: s.tsVal(now), SACKPermitted: !s.cfg.NoSACK}
	f := SYN
	if s.asksECN() {
		f |= ECE | CWR
	}
	var ack Seq
	if s.state == StateSynReceived {
		f, ack = SYN|ACK, s.rcvNxt
		if s.flags&flagECN != 0 {
			f |= ECE
		}
		o.TSEcr = s.tsRecent
		o.HasTS = s.flags&flagTS != 0
		o.SACKPermitted = s.flags&flagSACK != 0 // only when the peer offers it (RFC 2018 §2)
		if s.flags&flagNoWScale != 0 {
			o.WScale = -1
		}
	}
	hdrLen := HeaderLen + o.put(b[HeaderLen:])
	putHeader(b, s.localPort, s.remotePort, s.iss, ack, f, uint16(min(s.cfg.recvBuffer(), 0xffff)), hdrLen)
	putChecksum(b, hdrLen, hdrLen, pseudo, 0)
	if s.sndMax == s.iss {
		s.startTiming(now, s.iss)
	} else {
		s.env.Stats.Retransmits++
		s.flags = s.flags&^flagTiming | flagTimedOut
	}
	s.sndNxt, s.sndMax = s.iss+1, s.iss+1
	s.startTimer(now)
	return hdrLen
}
