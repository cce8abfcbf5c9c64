package drill

import (
	"errors"
	"io"

	"smoltls/tcp"
)

// Read takes bytes from a connection into the buffers, one after the other, and gives their number; 0 at the end of the
// stream.
func (w *World) Read(fd int, into [][]byte, flags int, who Caller) (int, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return -1, EBADF
	}
	if s.conn == nil {
		return -1, ENOTCONN
	}
	w.poll()
	n, errno := s.read(into, flags)
	if errno == EAGAIN && !s.nonblock && flags&MsgDontwait == 0 {
		attempt := func() bool {
			n, errno = s.read(into, flags)
			return errno != EAGAIN
		}
		if !w.block(who, attempt) {
			return -1, EDEADLK
		}
	}
	w.settle(who) // a window may have opened
	return n, errno
}

func (s *socket) read(into [][]byte, flags int) (n int, _ Errno) {
	take := s.conn.TryRead
	if flags&MsgPeek != 0 {
		take = s.peek
	}
	for _, p := range into {
		if len(p) == 0 {
			continue
		}
		m, err := take(p)
		n += m
		switch {
		case err == nil && m == len(p) && flags&MsgPeek == 0:
			continue
		case n > 0:
			return n, 0
		case err == nil || errors.Is(err, io.EOF):
			return 0, 0
		case errors.Is(err, tcp.ErrWouldBlock) && s.noRead:
			return 0, 0
		case errors.Is(err, tcp.ErrWouldBlock):
			return -1, EAGAIN
		}
		if errno := s.reason(); errno != 0 {
			return -1, errno
		}
		return 0, 0
	}
	return n, 0
}

// peek is TryRead that leaves everything where it is.
func (s *socket) peek(p []byte) (int, error) {
	a, b := s.conn.PeekSpans()
	n := copy(p, a)
	n += copy(p[n:], b)
	if n == 0 {
		return s.conn.TryRead(p) // which says why there is nothing
	}
	return n, nil
}

// Write queues the buffers, one after the other, and gives how many bytes were taken: all of them, where the call may
// block.
func (w *World) Write(fd int, from [][]byte, flags int, who Caller) (int, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return -1, EBADF
	}
	if s.conn == nil {
		return -1, EPIPE
	}
	w.poll()
	all := join(from)
	n, errno := s.write(all)
	if errno == EAGAIN && !s.nonblock && flags&MsgDontwait == 0 {
		attempt := func() bool {
			var m int
			m, errno = s.write(all[n:])
			n += max(m, 0)
			return errno != EAGAIN
		}
		if !w.block(who, attempt) {
			return -1, EDEADLK
		}
	}
	w.settle(who)
	if n > 0 {
		return n, 0
	}
	return n, errno
}

// write gives EAGAIN, with what was taken, when that is not all.
func (s *socket) write(p []byte) (int, Errno) {
	n, err := s.conn.TryWrite(p)
	switch {
	case err == nil:
		return n, 0
	case errors.Is(err, tcp.ErrWouldBlock):
		return n, EAGAIN
	}
	if errno := s.reason(); errno != 0 {
		return n, errno
	}
	return n, EPIPE
}

func join(from [][]byte) []byte {
	if len(from) == 1 {
		return from[0]
	}
	var all []byte
	for _, p := range from {
		all = append(all, p...)
	}
	return all
}
