package tcp

// CloseWrite ends our direction: FIN after what is queued (RFC 9293 §3.10.4). Reading goes on. Doing it again does
// nothing.
func (s *Socket) CloseWrite() error {
	switch s.state {
	case StateClosed:
		if s.err != nil {
			return s.err
		}
		return ErrNotOpen
	case StateSynSent:
		s.close(ErrAborted) // nothing is there to end
		return nil
	case StateEstablished:
		s.endWriting(StateFinWait1)
	case StateCloseWait:
		s.endWriting(StateLastAck)
	case StateSynReceived:
		s.flags |= flagFIN // FIN-WAIT-1 follows when the handshake is done
	}
	s.host.Wake()
	return nil
}

// endWriting makes FIN follow what is queued, which a reservation does not become any more.
func (s *Socket) endWriting(next State) {
	s.flags |= flagFIN
	s.snd.Commit(0)
	s.snd.Trim(s.env.Pool)
	s.setState(next)
}

// Close ends both directions. What is queued and FIN still go out; nobody will read any more, so data that is unread,
// or arrives later, is answered by RST (RFC 9293 §3.10.4, RFC 2525 §2.17). Doing it again does nothing.
func (s *Socket) Close() error {
	if s.state == StateClosed {
		s.forget()
		return nil
	}
	if s.flags&flagNoRead != 0 {
		return nil
	}
	s.flags |= flagNoRead
	if s.rcv.Len() > 0 || s.reach() > 0 || s.cfg.Linger < 0 {
		s.reset(nil)
		return nil
	}
	err := s.CloseWrite()
	if s.state == StateFinWait2 {
		s.startFinWait()
	}
	s.startLinger()
	return err
}

// Abort ends the connection at once with RST (RFC 9293 §3.10.5). Err gives [ErrAborted]. After it, or Close, a socket
// that is CLOSED holds no memory.
func (s *Socket) Abort() {
	if s.state == StateClosed {
		s.forget()
		return
	}
	s.reset(ErrAborted)
}

// forget gives back what a closed connection has left to be read.
func (s *Socket) forget() {
	s.flags |= flagNoRead
	s.rcv.Drop(s.env.Pool)
}

// reset sends RST if there is a peer to tell, and closes.
func (s *Socket) reset(err error) {
	s.oweRST()
	s.flags |= flagNoRead
	s.close(err)
}

// oweRST makes a RST the last segment of a connection, if there is a peer to tell.
func (s *Socket) oweRST() {
	switch s.state {
	case StateSynReceived, StateEstablished, StateFinWait1, StateFinWait2, StateCloseWait, StateClosing, StateLastAck:
		s.flags |= flagRST
		s.rstSeq = s.nextSeq()
	}
}

// Fail ends the connection without a word to the peer, for a reason that the host has, such as [ErrUnreachable].
func (s *Socket) Fail(err error) {
	if s.state != StateClosed {
		s.close(err)
	}
}
