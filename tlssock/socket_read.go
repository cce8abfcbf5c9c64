package tlssock

// recordHeader is the length of a record's header (RFC 8446 §5.1).
const recordHeader = 5

// TryRead reads what is there into p, up to len(p) bytes, and returns at once. A record goes straight into p where p is
// large enough. Without data: [ErrWouldBlock]; io.EOF after the peer's close_notify; the reason after a failure. A
// stream that ended without close_notify is a failure, never io.EOF. p beyond the bytes returned may be overwritten.
func (s *Socket) TryRead(p []byte) (int, error) {
	total := 0
	for total < len(p) {
		if s.plainLen == 0 {
			n, ok := s.nextRecord()
			if !ok {
				break
			}
			total += s.open(p[total:], n)
			continue
		}
		n := copy(p[total:], s.plain())
		s.consume(n)
		total += n
	}
	s.flush()
	if total > 0 || len(p) == 0 {
		return total, nil
	}
	return 0, s.readError()
}

// Peek gives the unread plaintext of the next record where it lies, opening the record if that has not happened. The
// slice is the socket's: valid until the next call of a method of s or the next poll. Errors as TryRead.
func (s *Socket) Peek() ([]byte, error) {
	for s.plainLen == 0 {
		n, ok := s.nextRecord()
		if !ok {
			s.flush()
			return nil, s.readError()
		}
		s.open(nil, n)
	}
	s.flush()
	return s.plain(), nil
}

// Discard takes n bytes that Peek showed as read, and gives how many there were: fewer only when n was larger than what
// Peek gave.
func (s *Socket) Discard(n int) int {
	if n = min(n, int(s.plainLen)); n <= 0 { // what Peek has not shown stays, early data too
		return 0
	}
	s.consume(n)
	return n
}

// Readable reports whether TryRead would give something other than ErrWouldBlock. A whole record that turns out to
// carry no application data can make it true once too often.
func (s *Socket) Readable() bool {
	if s.plainLen > 0 || s.failed() || s.eng.PeerClosed() {
		return true
	}
	if !s.eng.HandshakeComplete() || s.flags&flagDiscard != 0 {
		return false
	}
	_, ok := s.peekRecord()
	return ok
}

// plain is the unread plaintext. It is found anew from the ring each time, because a ring that grows moves.
func (s *Socket) plain() []byte {
	var from []byte
	switch {
	case s.recLen > 0:
		from = s.eng.tcp.Peek()
	case s.wrapped != nil:
		from = s.wrapped.b
	default:
		from = s.eng.earlyHeld()
	}
	return from[s.plainOff : s.plainOff+s.plainLen]
}

func (s *Socket) consume(n int) {
	s.plainOff += uint32(n)
	s.plainLen -= uint32(n)
	if s.plainLen == 0 {
		s.release()
	}
}

// release gives back the record opened last, read or not.
func (s *Socket) release() {
	switch {
	case s.recLen > 0:
		s.eng.tcp.Discard(int(s.recLen))
	case s.wrapped != nil:
		s.eng.pool().Put(s.wrapped.b)
		s.eng.env.putWrapped(s.wrapped)
		s.wrapped = nil
	default:
		s.eng.dropEarly()
	}
	s.plainOff, s.plainLen, s.recLen = 0, 0, 0
}

// openEager opens what lies at the front and must not wait for a reader: everything during the handshake, short records
// after it.
func (s *Socket) openEager() {
	for s.plainLen == 0 {
		n, ok := s.nextRecord()
		if !ok || (s.eng.HandshakeComplete() && n > eagerRecord) {
			return
		}
		s.open(nil, n)
	}
}

// peekRecord gives the length of the record at the ring's front if all of it has arrived.
func (s *Socket) peekRecord() (n int, ok bool) {
	a, b := s.eng.tcp.PeekSpans()
	if len(a)+len(b) < recordHeader {
		return 0, false
	}
	var hdr [recordHeader]byte
	copy(hdr[copy(hdr[:], a):], b)
	n = recordHeader + int(hdr[3])<<8 + int(hdr[4])
	return n, len(a)+len(b) >= n
}

// nextRecord gives the length of the next record, when a whole one is there and the connection can take it. An
// oversized one and the transport's end are dealt with here.
func (s *Socket) nextRecord() (n int, ok bool) {
	if s.failed() || s.flags&flagDiscard != 0 || s.eng.PeerClosed() || s.eng.waits() {
		return 0, false
	}
	a, b := s.eng.tcp.PeekSpans()
	if len(a)+len(b) >= recordHeader {
		hdr := a
		if len(a) < recordHeader { // the header itself wraps, which is rare enough to allocate
			hdr = append(append(make([]byte, 0, recordHeader), a...), b[:recordHeader-len(a)]...)
		}
		n, err := s.eng.RecordLen(hdr[:recordHeader])
		if err != nil {
			s.fail(err)
			return 0, false
		}
		if len(a)+len(b) >= n {
			return n, true
		}
		if holds := s.eng.tcp.Holds(); n > holds { // the rest of it would never come
			s.fail(s.eng.fail(faultf(AlertRecordOverflow, "%w: record of %d bytes, room for %d", ErrRecvBuffer, n, holds)))
			return 0, false
		}
	}
	if s.eng.tcp.PeerClosed() {
		s.end()
	}
	return 0, false
}

// open processes the record of n bytes at the ring's front. Plaintext that went into dst is counted in the result;
// otherwise it stays where it lies and plain shows it.
func (s *Socket) open(dst []byte, n int) int {
	a, b := s.eng.tcp.PeekSpans()
	rec := a
	wrapped := len(a) < n
	if wrapped { // the only record that costs a second copy
		if rec = s.eng.pool().Get(n); rec == nil {
			s.fail(s.eng.fail(fault(AlertInternalError, ErrPoolEmpty)))
			return 0
		}
		copy(rec[copy(rec, a):n], b)
	}
	app, err := s.eng.Receive(dst, rec[:n])
	if err != nil || len(app) == 0 || (len(dst) > 0 && &app[0] == &dst[0]) {
		if wrapped {
			s.eng.pool().Put(rec)
		}
		s.eng.tcp.Discard(n)
		if err != nil {
			s.fail(err)
			return 0
		}
		s.showEarly()
		return len(app)
	}
	s.plainOff, s.plainLen = recordHeader, uint32(len(app))
	if wrapped {
		s.wrapped = s.eng.env.getWrapped(rec)
		s.eng.tcp.Discard(n)
	} else {
		s.recLen = uint32(n)
	}
	return 0
}

// drain forgets whatever arrived.
func (s *Socket) drain() {
	s.release()
	for n := s.eng.tcp.ReadBuffered(); n > 0; n = s.eng.tcp.ReadBuffered() {
		if d, err := s.eng.tcp.Discard(n); d == 0 || err != nil {
			return
		}
	}
}
