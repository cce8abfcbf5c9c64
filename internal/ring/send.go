package ring

import (
	"smoltls/internal/bufpool"
	"smoltls/internal/checksum"
)

// Send is a queue of bytes that are written once, read any number of times at any offset, and released from the front.
// What is written through one reservation lies contiguous in it. The zero Send is empty and holds no memory.
type Send struct {
	buf  []byte
	head uint32 // where the oldest byte stands
	tail uint32 // where the next byte goes
	lap  uint32 // not 0: the bytes are [head, lap) and then [0, tail)
	peak uint32 // most bytes of memory needed since it was last taken: what to begin with next time

	reservedAt uint32
	reserved   uint32 // length of the reservation that Commit may use
}

// Len is the number of bytes held.
func (r *Send) Len() int {
	if r.lap != 0 {
		return int(r.lap - r.head + r.tail)
	}
	return int(r.tail - r.head)
}

// Cap is the size of the memory that r holds.
func (r *Send) Cap() int { return len(r.buf) }

// Reserve gives contiguous space of at least least bytes (and at least one) at the end of the queue, all there is, for
// Commit. It stays good until the next Reserve. The memory grows up to max bytes, rounded up to what the pool hands
// out. nil: there is no such space; refused tells that the pool's bound is why.
func (r *Send) Reserve(pool *bufpool.Pool, least, max int) (space []byte, refused bool) {
	r.reserved = 0
	least = bounded(least)
	if least > max {
		return nil, false
	}
	if r.buf == nil {
		if !r.grow(pool, least, max) {
			return nil, true
		}
	}
	if !r.find(least) {
		if len(r.buf) >= max || r.Len()+least > bufpool.Size(max) {
			return nil, false
		}
		if !r.grow(pool, r.Len()+least, max) {
			return nil, true
		}
		r.find(least)
	}
	return r.Reserved(), false
}

// Reserved gives the space that Reserve gave last and Commit may still use; it is empty when there is none.
func (r *Send) Reserved() []byte {
	if r.reserved == 0 {
		return nil // reservedAt may point into memory that was given back
	}
	at, end := r.reservedAt, r.reservedAt+r.reserved
	return r.buf[at:end:end]
}

func bounded(least int) int {
	if least < 1 {
		return 1
	}
	return least
}

// find reserves the space behind the tail or, when that is too short, at the front.
func (r *Send) find(least int) bool {
	end := uint32(len(r.buf))
	if r.lap != 0 {
		end = r.head
	}
	switch {
	case int(end-r.tail) >= least:
		r.reservedAt, r.reserved = r.tail, end-r.tail
	case r.lap == 0 && int(r.head) >= least:
		r.reservedAt, r.reserved = 0, r.head
	default:
		return false
	}
	return true
}

// grow moves the queue to memory of at least need bytes, at best twice what there is.
func (r *Send) grow(pool *bufpool.Pool, need, max int) bool {
	want := need
	if r.buf == nil {
		want, r.peak = clamp(int(r.peak), need, max), 0
	} else {
		want = clamp(2*len(r.buf), need, max)
	}
	b := pool.Get(want)
	if b == nil && want > need {
		b = pool.Get(need)
	}
	if b == nil {
		return false
	}
	n := r.Len()
	r.CopyOut(b[:n], 0)
	pool.Put(r.buf)
	r.buf, r.head, r.tail, r.lap = b, 0, uint32(n), 0
	return true
}

// clamp gives the value nearest to v in [low, high]; low where they cross.
func clamp(v, low, high int) int {
	return max(low, min(v, high))
}

// Commit appends the first n bytes of the reservation to the queue and ends the reservation. It reports false, and
// appends nothing, when n is negative or more than was reserved.
func (r *Send) Commit(n int) bool {
	if n < 0 || n > int(r.reserved) {
		return false
	}
	at := r.reservedAt
	r.reserved = 0
	if n == 0 {
		r.restart()
		return true
	}
	if at == 0 && r.tail != 0 && r.lap == 0 {
		r.lap, r.tail = r.tail, 0
		r.endLap()
	}
	r.tail += uint32(n)
	r.peak = max(r.peak, uint32(r.Len()))
	return true
}

// Write appends what fits of p, growing the memory up to max bytes, and gives the number of bytes. refused tells that
// the pool's bound is why it is not all of them.
func (r *Send) Write(pool *bufpool.Pool, p []byte, max int) (n int, refused bool) {
	r.reserved = 0
	for n < len(p) {
		// Ask for all that is left first, so that memory grows once.
		want := clamp(len(p)-n, 1, max-r.Len())
		if want <= 0 {
			break
		}
		space, no := r.Reserve(pool, want, max)
		if space == nil && want > 1 {
			space, no = r.Reserve(pool, 1, max)
		}
		if space == nil {
			return n, no
		}
		k := copy(space, p[n:])
		r.Commit(k)
		n += k
	}
	return n, false
}

// CopySum copies len(dst) bytes, beginning off bytes after the oldest one, to dst, and adds their words to the partial
// of the bytes before dst, as [checksum.CopySum] does. Bytes the queue does not hold are not copied.
func (r *Send) CopySum(dst []byte, off int, initial uint32) uint32 {
	a, b := r.spans(off, len(dst))
	sum := checksum.CopySum(dst, a, initial)
	if len(b) > 0 {
		sum = checksum.Combine(sum, len(a), checksum.CopySum(dst[len(a):], b, 0))
	}
	return sum
}

// CopyOut is CopySum without the sum.
func (r *Send) CopyOut(dst []byte, off int) {
	a, b := r.spans(off, len(dst))
	copy(dst[copy(dst, a):], b)
}

// spans gives n bytes, or as many as there are, from off bytes after the oldest one.
func (r *Send) spans(off, n int) (a, b []byte) {
	if off < 0 || off >= r.Len() {
		return nil, nil
	}
	end := r.tail
	if r.lap != 0 {
		end = r.lap
	}
	at := int(r.head) + off
	if at >= int(end) {
		at -= int(end)
		return r.buf[at:min(at+n, int(r.tail))], nil
	}
	a = r.buf[at:min(at+n, int(end))]
	if r.lap != 0 && len(a) < n {
		b = r.buf[:min(n-len(a), int(r.tail))]
	}
	return a, b
}

// Release drops the n oldest bytes, or all if there are fewer.
func (r *Send) Release(n int) {
	if n <= 0 {
		return
	}
	n = min(n, r.Len())
	r.head += uint32(n)
	if r.lap != 0 && r.head >= r.lap {
		r.head -= r.lap
		r.lap = 0
	}
	r.restart()
}

func (r *Send) endLap() {
	if r.lap != 0 && r.head == r.lap {
		r.head, r.lap = 0, 0
	}
}

// restart begins again at the front of the memory when the queue is empty, unless a reservation points into it.
func (r *Send) restart() {
	if r.lap == 0 && r.head == r.tail && r.reserved == 0 {
		r.head, r.tail = 0, 0
	}
}

// Trim gives the memory back if the queue is empty and nothing is reserved.
func (r *Send) Trim(pool *bufpool.Pool) {
	if r.reserved == 0 && r.buf != nil && r.Len() == 0 {
		pool.Put(r.buf)
		r.buf, r.head, r.tail, r.lap = nil, 0, 0, 0
	}
}

// Drop empties the queue, ends the reservation and gives the memory back.
func (r *Send) Drop(pool *bufpool.Pool) {
	r.head, r.tail, r.lap, r.reserved, r.reservedAt = 0, 0, 0, 0, 0
	r.Trim(pool)
}
