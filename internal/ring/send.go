package ring

import "smoltls/internal/bufpool"

// Send is the send queue. Its bytes lie in one or two stretches: [head,tail), or [head,wrap) and then [0,tail). A lap may end before the memory
// does, so that a reservation always lies contiguous. The zero Send is empty and holds no memory.
type Send struct {
	buf  []byte
	head uint32
	tail uint32
	wrap uint32 // end of the first stretch while there are two; 0: there is one
}

// Len is the number of bytes queued.
func (s *Send) Len() int {
	if s.wrap > 0 {
		return int(s.wrap - s.head + s.tail)
	}
	return int(s.tail - s.head)
}

// Reserve gives free contiguous memory, at least so many bytes of it, growing to limit bytes of queue at most; nil when there is none. What is
// written there joins the queue by Commit; until then nothing has changed.
func (s *Send) Reserve(pool *bufpool.Pool, limit, least int) []byte {
	if least < 1 || least > limit {
		return nil
	}
	for {
		if b := s.space(least); b != nil {
			if room := limit - s.Len(); len(b) > room {
				if room < least {
					return nil
				}
				b = b[:room]
			}
			return b
		}
		if !s.grow(pool, limit, least) {
			return nil
		}
	}
}

// space is the stretch that the next commit of at least so many bytes goes to, or nil.
func (s *Send) space(least int) []byte {
	switch {
	case s.wrap > 0:
		if int(s.head-s.tail) >= least {
			return s.buf[s.tail:s.head]
		}
	case len(s.buf)-int(s.tail) >= least:
		return s.buf[s.tail:]
	case int(s.head) >= least:
		return s.buf[:s.head]
	}
	return nil
}

// grow takes a larger buffer, under limit.
func (s *Send) grow(pool *bufpool.Pool, limit, least int) bool {
	most := bufpool.Size(limit)
	if len(s.buf) >= most {
		return false
	}
	buf := pool.Get(min(most, s.Len()+max(least, len(s.buf))))
	if buf == nil {
		return false
	}
	a, b := s.At(0, s.Len())
	n := copy(buf, a)
	n += copy(buf[n:], b)
	if s.buf != nil {
		pool.Put(s.buf)
	}
	s.buf, s.head, s.tail, s.wrap = buf, 0, uint32(n), 0
	return true
}

// Commit queues the first n bytes of reserved, which the last Reserve gave.
func (s *Send) Commit(reserved []byte, n int) {
	if n == 0 {
		return
	}
	if s.wrap == 0 && s.tail > 0 && &reserved[0] == &s.buf[0] {
		s.wrap, s.tail = s.tail, 0 // the lap ends here
	}
	s.tail += uint32(n)
}

// At gives the n queued bytes from off on, in two pieces when they lie so. off+n is at most Len.
func (s *Send) At(off, n int) (a, b []byte) {
	from := int(s.head) + off
	if s.wrap == 0 {
		return s.buf[from : from+n], nil
	}
	first := int(s.wrap)
	switch {
	case from >= first:
		return s.buf[from-first : from-first+n], nil
	case from+n <= first:
		return s.buf[from : from+n], nil
	}
	return s.buf[from:first], s.buf[:from+n-first]
}

// Release takes n bytes, Len at most, off the front; memory goes back to the pool when nothing is left.
func (s *Send) Release(pool *bufpool.Pool, n int) {
	s.head += uint32(n)
	if s.wrap > 0 && s.head >= s.wrap {
		s.head -= s.wrap
		s.wrap = 0
	}
	if s.head == s.tail && s.wrap == 0 {
		s.Free(pool)
	}
}

// Free forgets everything and gives the memory back.
func (s *Send) Free(pool *bufpool.Pool) {
	if s.buf != nil {
		pool.Put(s.buf)
	}
	*s = Send{}
}
