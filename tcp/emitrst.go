package tcp

// emitRST writes a RST: the one that ends this connection, or one that answers an unacceptable ACK.
func (s *Socket) emitRST(b []byte, pseudo uint32) int {
	s.env.Stats.ResetsOut++
	ack, f := s.rcvNxt, RST|ACK
	if s.flags&flagRST == 0 {
		ack, f = 0, RST
	}
	s.flags &^= flagRST | flagRSTReply
	putHeader(b, s.localPort, s.remotePort, s.rstSeq, ack, f, 0, HeaderLen)
	putChecksum(b, HeaderLen, HeaderLen, pseudo, 0)
	return HeaderLen
}

// resetReply makes the next Emit send a RST at seq while the connection stays as it is.
func (s *Socket) resetReply(seq Seq) {
	s.flags |= flagRSTReply
	s.rstSeq = seq
	s.host.Wake()
}
