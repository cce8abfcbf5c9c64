package tlssock

import "smoltls/tcp"

// TryWrite seals p into records straight in TCP's send ring and returns at once. n bytes were taken; when that is fewer than len(p) the
// error is [ErrWouldBlock] (try again when the socket is writable) or the reason of a failure; [ErrEarlyDataRejected], once, is neither.
func (s *Socket) TryWrite(p []byte) (n int, err error) {
	for n < len(p) {
		buf, err := s.sendSpace(min(len(p)-n, minWriteRecord))
		if err != nil {
			return n, err
		}
		m := min(len(p)-n, len(buf)-s.eng.Overhead(), s.eng.MaxPlaintext())
		if err := s.seal(buf, p[n:n+m]); err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// AvailableBuffer gives free space in TCP's send ring in which the caller builds at least min bytes of application data, to be sent as one
// record by Commit: length 0, capacity what one record can take there. Valid until the next call of a method of s or the next poll.
// min is at most what one record holds (16,384 bytes, or less if the peer asked for less). Errors as TryWrite.
func (s *Socket) AvailableBuffer(min int) ([]byte, error) {
	min = max(1, min)
	if min > s.eng.MaxPlaintext() {
		return nil, ErrRecordTooLarge
	}
	buf, err := s.sendSpace(min)
	if err != nil {
		return nil, err
	}
	room := len(buf) - s.eng.Overhead()
	if m := s.eng.MaxPlaintext(); room > m {
		room = m
	}
	return buf[recordHeader : recordHeader : recordHeader+room], nil
}

// Commit seals the first n bytes of the last AvailableBuffer, in place, as one record. Errors: [tcp.ErrNoBuffer] when there is no such space,
// [ErrRecordTooLarge], [ErrClosed], or why the connection failed.
func (s *Socket) Commit(n int) error {
	if n < 0 || n > s.eng.MaxPlaintext() {
		return ErrRecordTooLarge
	}
	if n == 0 {
		return nil
	}
	switch {
	case s.err != nil:
		return s.err
	case s.flags&flagFIN != 0:
		return ErrClosed
	}
	// The space that AvailableBuffer gave, not just any: what the caller built stands there.
	buf := s.tcp.Reserved()
	if len(buf) < n+s.eng.Overhead() || len(s.eng.Output()) > 0 {
		return tcp.ErrNoBuffer
	}
	return s.seal(buf, buf[recordHeader:recordHeader+n])
}

// Writable reports whether TryWrite would take something.
func (s *Socket) Writable() bool {
	return s.err == nil && s.flags&flagFIN == 0 && s.eng.HandshakeComplete() && len(s.eng.Output()) == 0 && s.tcp.Writable()
}

// sendSpace gives contiguous room in the send ring for a record with at least min bytes of plaintext, its length being what is there.
func (s *Socket) sendSpace(min int) ([]byte, error) {
	switch {
	case s.err != nil:
		return nil, s.err
	case s.flags&flagFIN != 0:
		return nil, ErrClosed
	case s.eng.earlyLost():
		return nil, ErrEarlyDataRejected
	case !s.eng.HandshakeComplete() || !s.flush():
		return nil, s.cantWrite()
	}
	return s.reserve(min)
}

// reserve is sendSpace for what can be sent now.
func (s *Socket) reserve(min int) ([]byte, error) {
	buf := s.tcp.AvailableBuffer(min + s.eng.Overhead())
	if buf == nil {
		return nil, s.cantWrite()
	}
	return buf[:cap(buf)], nil
}

func (s *Socket) cantWrite() error {
	s.told &^= writable
	return ErrWouldBlock
}

func (s *Socket) seal(buf, plain []byte) error {
	m, err := s.eng.Seal(buf, plain)
	if err != nil {
		s.fail(err)
		return err
	}
	if err := s.tcp.Commit(m); err != nil {
		s.fail(transportError(err))
		return s.err
	}
	if len(s.eng.Output()) > 0 { // a key update that the suite's limit asked for
		s.flush()
	}
	return nil
}
