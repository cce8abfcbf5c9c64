package tcp

// emitRST writes a RST: the one that ends this connection, or one that answers an unacceptable ACK.
func (s *Socket) emitRST(now Instant, b []byte, pseudo uint32) int {
	s.env.Stats.ResetsOut++
	ack, f, hdrLen := s.rcvNxt, RST|ACK, HeaderLen
	if s.flags&flagRST == 0 {
		ack, f = 0, RST
	} else if s.flags&flagTS != 0 { // RFC 7323 §3.2
		putTimestamps(b[hdrLen:], s.tsVal(now), s.tsRecent)
		hdrLen += tsLen
	}
	s.flags &^= flagRST | flagRSTReply
	putHeader(b, s.localPort, s.remotePort, s.rstSeq, ack, f, 0, hdrLen)
	putChecksum(b, hdrLen, hdrLen, pseudo, 0)
	return hdrLen
}

// resetReply makes the next Emit send a RST at seq while the connection stays as it is.
func (s *Socket) resetReply(seq Seq) {
	s.flags |= flagRSTReply
	s.rstSeq = seq
	s.host.Wake()
}
