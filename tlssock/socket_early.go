package tlssock

// TryWriteEarly is TryWrite before the handshake is over. A client's data is early data, which goes out with the ClientHello or right behind it, if
// Config.EnableEarlyData is set and a session allows it: whoever looks on can bring it to the server once more, so it must be harmless when it is acted on twice. What
// became of it ConnectionState.EarlyData says; what is rejected is sent again by Config.ResendEarlyData or by the caller. A server's data is an answer to early
// data, before it is known that the client is there.
//
// n bytes were taken. [ErrWouldBlock]: before TCP stands, and for want of room. [ErrNoEarlyData]: not at all, or no more of it.
func (s *Socket) TryWriteEarly(p []byte) (n int, err error) {
	for n < len(p) {
		buf, err := s.earlySpace(min(len(p)-n, minWriteRecord))
		if err != nil {
			return n, err
		}
		m := min(len(p)-n, len(buf)-s.eng.Overhead(), s.eng.EarlyDataRoom(), s.eng.MaxPlaintext())
		k, err := s.eng.SealEarly(buf, p[n:n+m])
		if err != nil {
			s.fail(err)
			return n, err
		}
		if err := s.tcp.Commit(k); err != nil {
			s.fail(transportError(err))
			return n, s.err
		}
		n += m
	}
	return n, nil
}

// earlySpace is sendSpace before the handshake is over.
func (s *Socket) earlySpace(min int) ([]byte, error) {
	switch {
	case s.err != nil:
		return nil, s.err
	case s.flags&flagFIN != 0:
		return nil, ErrClosed
	case s.tcpConnecting() || s.flags&flagStarted == 0:
		return nil, s.cantWriteEarly()
	case s.eng.EarlyDataRoom() == 0:
		return nil, ErrNoEarlyData
	case !s.flush():
		return nil, s.cantWriteEarly()
	}
	buf, err := s.reserve(min)
	if err != nil {
		return nil, s.cantWriteEarly()
	}
	return buf, nil
}

func (s *Socket) cantWriteEarly() error {
	s.told &^= earlyWritable
	return ErrWouldBlock
}

// TryReadEarly reads early data that a server has accepted (Config.MaxEarlyData), before the handshake is over: it may be a replay of what another connection sent.
// Early data that is not read here comes from TryRead and Peek when the handshake is over, and can be no replay then. [ErrWouldBlock]: none is there, yet.
// [ErrNoEarlyData]: none will come.
func (s *Socket) TryReadEarly(p []byte) (int, error) {
	switch {
	case s.err != nil:
		return 0, s.err
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
