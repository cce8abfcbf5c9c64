package ring

import "smoltls/internal/bufpool"

// Recv is a queue of bytes that arrive in any order. The zero Recv is empty and holds no memory.
type Recv struct {
	buf    []byte
	head   uint32 // where the oldest readable byte stands
	n      uint32 // readable bytes
	extent uint32 // from the oldest byte to the end of the furthest one written; n or more
	peak   uint32 // largest extent since memory was last taken: what to begin with next time
}

// Len is the number of readable bytes.
func (r *Recv) Len() int { return int(r.n) }

// Cap is the size of the memory that r holds.
func (r *Recv) Cap() int { return len(r.buf) }

// Reserve makes room for bytes up to extent after the oldest one. The memory grows by doubling, so that the bytes are
// moved a bounded number of times each. It reports false, and changes nothing, when the pool has no memory.
func (r *Recv) Reserve(pool *bufpool.Pool, extent int) bool {
	if extent <= len(r.buf) {
		return true
	}
	want := extent
	if r.buf == nil {
		want = max(want, int(r.peak))
		r.peak = 0
	} else {
		want = max(want, 2*len(r.buf))
	}
	b := pool.Get(want)
	if b == nil && want > extent {
		b = pool.Get(extent)
	}
	if b == nil {
		return false
	}
	r.move(b)
	pool.Put(r.buf)
	r.buf, r.head = b, 0
	return true
}

// move copies everything up to extent to the beginning of b.
func (r *Recv) move(b []byte) {
	if r.extent > 0 {
		n := copy(b[:r.extent], r.buf[r.head:])
		copy(b[n:r.extent], r.buf)
	}
}

// WriteAt puts p at off bytes after the last readable byte. What lies between stays as it was. It reports false, and
// writes nothing, when that is beyond what Reserve made room for.
func (r *Recv) WriteAt(off int, p []byte) bool {
	end := int(r.n) + off + len(p)
	if off < 0 || end > len(r.buf) {
		return false
	}
	at := int(r.head) + int(r.n) + off
	if at >= len(r.buf) {
		at -= len(r.buf)
	}
	n := copy(r.buf[at:], p)
	copy(r.buf, p[n:])
	if uint32(end) > r.extent {
		r.extent = uint32(end)
		r.peak = max(r.peak, r.extent)
	}
	return true
}

// Advance makes the next n bytes readable. It reports false, and does nothing, when they were never written.
func (r *Recv) Advance(n int) bool {
	if n < 0 || n > int(r.extent-r.n) {
		return false
	}
	r.n += uint32(n)
	return true
}

// Spans gives the readable bytes: all of them in a, or those up to the memory's end in a and the rest in b. They are
// good until the next call of another method.
func (r *Recv) Spans() (a, b []byte) {
	end := int(r.head) + int(r.n)
	if end <= len(r.buf) {
		return r.buf[r.head:end:end], nil
	}
	return r.buf[r.head:], r.buf[: end-len(r.buf) : end-len(r.buf)]
}

// Discard drops the n oldest readable bytes, or all of them if there are fewer, and gives their number. A ring that is
// left empty starts again at the beginning of its memory.
func (r *Recv) Discard(n int) int {
	if n <= 0 {
		return 0
	}
	k := min(uint32(min(n, len(r.buf))), r.n)
	r.n -= k
	r.extent -= k
	r.head += k
	if int(r.head) >= len(r.buf) {
		r.head -= uint32(len(r.buf))
	}
	if r.extent == 0 {
		r.head = 0
	}
	return int(k)
}

// Trim forgets what was written beyond the readable bytes.
func (r *Recv) Trim() {
	r.extent = r.n
	if r.extent == 0 {
		r.head = 0
	}
}

// Release gives the memory back if r is empty.
func (r *Recv) Release(pool *bufpool.Pool) {
	if r.extent == 0 && r.buf != nil {
		pool.Put(r.buf)
		r.buf, r.head = nil, 0
	}
}

// Drop empties r and gives the memory back.
func (r *Recv) Drop(pool *bufpool.Pool) {
	r.n, r.extent = 0, 0
	r.Release(pool)
}
