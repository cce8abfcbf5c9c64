package tcp

// TryWrite queues p, or as much of it as fits, and returns at once; n is how much was taken. When that is not all the
// error is [ErrWouldBlock], or the reason why no more can be written. It would block when the send buffer is full, when
// the connection is not open yet, and when the pool has no memory; Notify comes when it is worth trying again, in the
// last case after a short while.
func (s *Socket) TryWrite(p []byte) (n int, err error) {
	if err := s.canWrite(); err != nil {
		return 0, err
	}
	n, refused := s.snd.Write(s.env.Pool, p, s.sendLimit())
	if n > 0 {
		s.host.Wake()
	}
	if n < len(p) {
		s.wantWrite(refused)
		return n, ErrWouldBlock
	}
	return n, nil
}

// AvailableBuffer gives free contiguous space in the send queue: length 0, capacity min or more; nil when there is none
// now (or ever: [Socket.Err] and [Socket.State] tell). What the caller builds there is queued by Commit. Valid until
// the next call of AvailableBuffer, TryWrite, Close or Abort. The memory is held until Commit, which with 0 gives it
// up. min is bounded by the send buffer.
func (s *Socket) AvailableBuffer(min int) []byte {
	if s.canWrite() != nil {
		return nil
	}
	b, refused := s.snd.Reserve(s.env.Pool, min, s.sendLimit())
	if b == nil {
		s.wantWrite(refused)
		return nil
	}
	return b[:0]
}

// Reserved gives the space that the last AvailableBuffer gave, at its full length, if Commit may still use it;
// otherwise it is empty.
func (s *Socket) Reserved() []byte { return s.snd.Reserved() }

// Commit queues the first n bytes of the space that the last AvailableBuffer gave, which is then used up. Errors:
// [ErrNoBuffer] when there is less, or why nothing can be written any more.
func (s *Socket) Commit(n int) error {
	if err := s.canWrite(); err != nil {
		return err
	}
	if !s.snd.Commit(n) {
		return ErrNoBuffer
	}
	s.snd.Trim(s.env.Pool)
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
