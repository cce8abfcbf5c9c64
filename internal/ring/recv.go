package ring

import "smoltls/internal/bufpool"

// Recv is the receive queue: n bytes in order from head on, and behind them, at their offsets, whatever arrived out of order. The zero Recv
// is empty and holds no memory.
type Recv struct {
	buf  []byte // length is a power of two; nil while empty
	head uint32
	n    uint32
}

// Len is the number of bytes in order.
func (r *Recv) Len() int { return int(r.n) }

// WriteAt puts p at off bytes behind the bytes in order, growing to limit bytes at most; limit bounds what lies in the queue in all. held is
// how far out-of-order data reaches behind the bytes in order. It reports false, and does nothing, when p does not fit under limit or the pool
// has no memory.
func (r *Recv) WriteAt(pool *bufpool.Pool, limit, off int, p []byte, held int) bool {
	end := int(r.n) + off + len(p)
	if end > limit || off < 0 {
		return false
	}
	if end > len(r.buf) && !r.grow(pool, end, int(r.n)+held) {
		return false
	}
	if len(r.buf) == 0 {
		return true // nothing to put
	}
	at := (int(r.head) + int(r.n) + off) & (len(r.buf) - 1)
	copy(r.buf, p[copy(r.buf[at:], p):])
	return true
}

// Advance takes n more bytes, already written, into the bytes in order.
func (r *Recv) Advance(n int) { r.n += uint32(n) }

// grow moves the first used bytes into a buffer of at least size.
func (r *Recv) grow(pool *bufpool.Pool, size, used int) bool {
	buf := pool.Get(size)
	if buf == nil {
		return false
	}
	if r.buf != nil {
		used = min(used, len(r.buf))
		m := copy(buf[:used], r.buf[r.head:])
		copy(buf[m:used], r.buf)
		pool.Put(r.buf)
	}
	r.buf, r.head = buf, 0
	return true
}

// Spans gives the bytes in order, in two pieces when they wrap. They may be modified in place.
func (r *Recv) Spans() (a, b []byte) {
	if r.n == 0 {
		return nil, nil
	}
	end := int(r.head) + int(r.n)
	if end <= len(r.buf) {
		return r.buf[r.head:end:end], nil
	}
	return r.buf[r.head:], r.buf[:end-len(r.buf)]
}

// Discard takes n bytes, Len at most, off the front. held as in WriteAt: memory goes back to the pool when nothing is left.
func (r *Recv) Discard(pool *bufpool.Pool, n, held int) {
	r.n -= uint32(n)
	if r.n == 0 && held == 0 {
		r.Free(pool)
		return
	}
	r.head = (r.head + uint32(n)) & uint32(len(r.buf)-1)
}

// Free forgets everything and gives the memory back.
func (r *Recv) Free(pool *bufpool.Pool) {
	if r.buf != nil {
		pool.Put(r.buf)
	}
	*r = Recv{}
}
