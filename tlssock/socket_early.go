package tlssock

// TryWriteEarly is TryWrite before the handshake is over. A client's data is early data, which goes out with the
// ClientHello or right behind it, if Config.EnableEarlyData is set and a session allows it: whoever looks on can bring
// it to the server once more, so it must be harmless when it is acted on twice. What became of it
// ConnectionState.EarlyData says; what is rejected is sent again by Config.ResendEarlyData or by the caller. A server's
// data is an answer to early data, before it is known that the client is there.
//
// n bytes were taken. [ErrWouldBlock]: before TCP stands, and for want of room. [ErrNoEarlyData]: not at all, or no
// more of it.
func (s *Socket) TryWriteEarly(p []byte) (n int, err error) {
	for n < len(p) {
		if err := s.cantSendEarly(); err != nil {
			return n, err
		}
		limit := s.burstLimit(len(p) - n)
		buf, m := s.recordRoom(min(len(p)-n, limit, s.eng.EarlyDataRoom()))
		if buf == nil {
			return n, s.cantWriteEarly()
		}
		k, err := s.eng.sealEarlyFitting(buf, p[n:n+m])
		if err != nil {
			s.fail(err)
			return n, err
		}
		if err := s.eng.tcp.Commit(k); err != nil {
			s.fail(transportError(err))
			return n, s.Err()
		}
		s.burstGrows(m, limit)
		n += m
	}
	return n, nil
}

// cantSendEarly is cantSend before the handshake is over.
func (s *Socket) cantSendEarly() error {
	switch {
	case s.failed():
		return s.Err()
	case s.flags&flagFIN != 0:
		return ErrClosed
	case s.tcpConnecting() || s.flags&flagStarted == 0:
		return s.cantWriteEarly()
	case s.eng.EarlyDataRoom() == 0:
		return ErrNoEarlyData
	case !s.flush():
		return s.cantWriteEarly()
	}
	return nil
}

func (s *Socket) cantWriteEarly() error {
	s.told &^= earlyWritable
	return ErrWouldBlock
}

// TryReadEarly reads early data that a server has accepted (Config.MaxEarlyData), before the handshake is over: it may
// be a replay of what another connection sent. Early data that is not read here comes from TryRead and Peek when the
// handshake is over, and can be no replay then. [ErrWouldBlock]: none is there, yet.
// [ErrNoEarlyData]: none will come.
func (s *Socket) TryReadEarly(p []byte) (int, error) {
	switch {
	case s.failed():
		return 0, s.Err()
	case s.eng.HandshakeComplete():
		return 0, ErrNoEarlyData
	case len(p) == 0:
		return 0, nil
	}
	if n := s.eng.ReadEarly(p); n > 0 {
		return n, nil
	}
	if s.eng.prep.maxEarly == 0 || s.eng.role == RoleClient {
		return 0, ErrNoEarlyData
	}
	s.told &^= earlyReadable
	return 0, ErrWouldBlock
}

// showEarly gives early data that nobody has read to TryRead and Peek, when the handshake is over.
func (s *Socket) showEarly() {
	if s.plainLen == 0 && s.eng.HandshakeComplete() {
		s.plainOff, s.plainLen = 0, uint32(s.eng.EarlyBuffered())
	}
}
