package tcp

import "io"

// TryRead reads up to len(p) bytes and returns at once. Without data: [ErrWouldBlock]; io.EOF after the peer's FIN; the reason after a failure.
// Data that arrived before a failure can still be read after it.
func (s *Socket) TryRead(p []byte) (int, error) {
	a, b := s.rcv.Spans()
	n := copy(p, a)
	n += copy(p[n:], b)
	if n == 0 {
		if len(p) == 0 {
			return 0, nil
		}
		return 0, s.readError()
	}
	s.discard(n)
	return n, nil
}

func (s *Socket) readError() error {
	switch {
	case s.err != nil:
		return s.err
	case s.flags&flagPeerFIN != 0:
		return io.EOF
	case s.flags&flagNoRead != 0:
		return ErrClosed
	case s.state == StateClosed:
		return ErrNotOpen
	}
	return ErrWouldBlock
}

// Peek gives readable bytes that lie contiguous at the front: all of them, unless they wrap around the queue's end. They are the socket's; the
// caller may modify them in place. Valid until Discard, TryRead or the next Process.
func (s *Socket) Peek() []byte {
	a, _ := s.rcv.Spans()
	return a
}

// PeekSpans gives all readable bytes, in two pieces when they wrap; as Peek.
func (s *Socket) PeekSpans() (a, b []byte) { return s.rcv.Spans() }

// Discard takes n bytes off the front and gives their number. When that is fewer than n, because no more are there, the error says why, as
// TryRead's does. n is not negative.
func (s *Socket) Discard(n int) (int, error) {
	have := max(0, min(n, s.rcv.Len()))
	if have > 0 {
		s.discard(have)
	}
	if have < n {
		return have, s.readError()
	}
	return have, nil
}

func (s *Socket) discard(n int) {
	s.rcv.Discard(n)
	s.rcv.Release(s.env.Pool)
	s.roomMade()
}

// TryWrite queues p, or as much of it as fits, and returns at once; n is how much was taken. When that is not all the error is [ErrWouldBlock]
// (the send buffer is full, the connection is not open yet, or the pool has no memory: then Notify comes after a while, to try again), or the reason why no more can be written.
func (s *Socket) TryWrite(p []byte) (n int, err error) {
	if err := s.canWrite(); err != nil {
		return 0, err
	}
	n, refused := s.snd.Write(s.env.Pool, p, s.cfg.sendBuffer())
	s.host.Wake()
	if n < len(p) {
		s.wantWrite(refused)
		return n, ErrWouldBlock
	}
	return n, nil
}

// AvailableBuffer gives free contiguous space in the send queue: length 0, capacity min or more; nil when there is none now (or ever: [Socket.Err]
// and [Socket.State] tell). What the caller builds there is queued by Commit. Valid until the next call of a method of s. min is bounded
// by the send buffer.
func (s *Socket) AvailableBuffer(min int) []byte {
	if s.canWrite() != nil {
		return nil
	}
	b, refused := s.snd.Reserve(s.env.Pool, min, s.cfg.sendBuffer())
	if b == nil {
		s.wantWrite(refused)
		return nil
	}
	return b[:0]
}

// wantWrite notes that the application waits for room. When it is the pool that refused, no ACK may ever come that makes some: the next Emit starts a
// timer then.
func (s *Socket) wantWrite(refused bool) {
	s.flags |= flagWantWrite
	if refused {
		s.env.Stats.WriteNoMemory++
		s.flags |= flagWantMemory
		s.host.Wake()
	}
}

// Commit queues the first n bytes of the space that the last AvailableBuffer gave, which is then used up. Errors: [ErrNoBuffer] when there is
// less, or why nothing can be written any more.
func (s *Socket) Commit(n int) error {
	if err := s.canWrite(); err != nil {
		return err
	}
	if !s.snd.Commit(n) {
		return ErrNoBuffer
	}
	s.host.Wake()
	return nil
}

// canWrite says why nothing can be queued, if so.
func (s *Socket) canWrite() error {
	switch {
	case s.err != nil:
		return s.err
	case s.flags&flagFIN != 0:
		return ErrClosed
	case s.state == StateClosed:
		return ErrNotOpen
	case !s.state.canSend():
		s.flags |= flagWantWrite
		return ErrWouldBlock
	}
	return nil
}
