package tcp

import "io"

// TryRead reads up to len(p) bytes and returns at once. Without data: [ErrWouldBlock]; io.EOF after the peer's FIN; the
// reason after a failure. Data that arrived before a failure can still be read after it.
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

// Peek gives readable bytes that lie contiguous at the front: all of them, unless they wrap around the queue's end.
// They are the socket's; the caller may modify them in place. Valid until Discard, TryRead or the next Process.
func (s *Socket) Peek() []byte {
	a, _ := s.rcv.Spans()
	return a
}

// PeekSpans gives all readable bytes, in two pieces when they wrap; as Peek.
func (s *Socket) PeekSpans() (a, b []byte) { return s.rcv.Spans() }

// Discard takes n bytes off the front and gives their number. When that is fewer than n, because no more are there, the
// error says why, as TryRead's does. n is not negative.
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
