package tlssock

import "smoltls/tcp"

// TryWrite seals p into records straight in TCP's send ring and returns at once. n bytes were taken; when that is fewer
// than len(p) the error is [ErrWouldBlock] (try again when the socket is writable) or the reason of a failure;
// [ErrEarlyDataRejected], once, is neither.
func (s *Socket) TryWrite(p []byte) (n int, err error) {
	for n < len(p) {
		if err := s.cantSend(); err != nil {
			return n, err
		}
		limit := s.burstLimit(len(p) - n)
		buf, m := s.recordRoom(min(len(p)-n, limit))
		if buf == nil {
			return n, s.cantWrite()
		}
		if err := s.seal(buf, p[n:n+m]); err != nil {
			return n, err
		}
		s.burstGrows(m, limit)
		n += m
	}
	return n, nil
}

// AvailableBuffer gives free space in TCP's send ring in which the caller builds at least min bytes of application
// data, to be sent as one record by Commit: length 0, capacity what one record should take there: at the start of a
// burst no more than min or what makes a short record (Config.DynamicRecordSizingDisabled). Valid until the next call
// of a method of s or the next poll. min is at most what one record holds (16,384 bytes, or less if the peer asked for
// less). Errors as TryWrite.
func (s *Socket) AvailableBuffer(min int) ([]byte, error) {
	min = max(1, min)
	if min > s.eng.MaxPlaintext() {
		return nil, ErrRecordTooLarge
	}
	if err := s.cantSend(); err != nil {
		return nil, err
	}
	most := max(min, s.burstLimit(s.eng.MaxPlaintext()))
	need := min + s.eng.Overhead()
	if s.eng.prep.padding > 0 { // whatever is committed should find room for its padding
		need = s.eng.SealedLen(most)
	}
	buf := s.eng.tcp.AvailableBuffer(need)
	if buf == nil && s.eng.tcp.WriteBuffered() == 0 { // the whole send buffer is less than that
		buf = s.eng.tcp.AvailableBuffer(min + s.eng.Overhead())
	}
	if buf == nil {
		return nil, s.cantWrite()
	}
	if room := cap(buf) - s.eng.Overhead(); most > room {
		most = room
	}
	return buf[recordHeader : recordHeader : recordHeader+most], nil
}

// Commit seals the first n bytes of the last AvailableBuffer, in place, as one record. Errors: [tcp.ErrNoBuffer] when
// there is no such space, [ErrRecordTooLarge], [ErrClosed], or why the connection failed.
func (s *Socket) Commit(n int) error {
	if n < 0 || n > s.eng.MaxPlaintext() {
		return ErrRecordTooLarge
	}
	if n == 0 {
		return nil
	}
	switch {
	case s.failed():
		return s.Err()
	case s.flags&flagFIN != 0:
		return ErrClosed
	}
	// The space that AvailableBuffer gave, not just any: what the caller built stands there.
	buf := s.eng.tcp.Reserved()
	if len(buf) < n+s.eng.Overhead() || len(s.eng.Output()) > 0 {
		return tcp.ErrNoBuffer
	}
	if err := s.seal(buf, buf[recordHeader:recordHeader+n]); err != nil {
		return err
	}
	s.burstGrows(n, s.burstLimit(n))
	return nil
}

// Writable reports whether TryWrite would take something.
func (s *Socket) Writable() bool {
	return !s.failed() && s.flags&flagFIN == 0 && s.eng.HandshakeComplete() && len(s.eng.Output()) == 0 && s.eng.tcp.Writable()
}

// cantSend says why no data can be sent now, if so.
func (s *Socket) cantSend() error {
	switch {
	case s.failed():
		return s.Err()
	case s.flags&flagFIN != 0:
		return ErrClosed
	case s.eng.earlyLost():
		return ErrEarlyDataRejected
	case !s.eng.HandshakeComplete() || !s.flush():
		return s.cantWrite()
	}
	return nil
}

func (s *Socket) cantWrite() error {
	s.told &^= writable
	return ErrWouldBlock
}

func (s *Socket) seal(buf, plain []byte) error {
	m, err := s.eng.sealFitting(buf, plain)
	if err != nil {
		s.fail(err)
		return err
	}
	if err := s.eng.tcp.Commit(m); err != nil {
		s.fail(transportError(err))
		return s.Err()
	}
	if len(s.eng.Output()) > 0 { // a key update that the suite's limit asked for
		s.flush()
	}
	return nil
}
