// Package bufpool hands out byte buffers in power-of-two sizes under one bound on their sum. It belongs to one goroutine, and in steady
// state it allocates nothing.
package bufpool

import "math/bits"

const (
	minShift = 8  // smallest class: 256 bytes
	maxShift = 20 // largest class: 1 MiB; larger buffers are made and dropped
	classes  = maxShift - minShift + 1
)

// Defaults of [Pool].
const (
	DefaultLimit = 256 << 20 // bytes handed out
	DefaultKeep  = 16 << 20  // bytes kept for reuse
)

// Pool hands out buffers. The zero Pool is ready to use, with the default bounds.
type Pool struct {
	Limit int // most bytes handed out at once; 0: [DefaultLimit]
	Keep  int // most bytes kept for reuse, the rest goes to the garbage collector; 0: [DefaultKeep]; negative: none

	out  int
	kept int
	free [classes][][]byte
}

// Size is the length that Get gives for n bytes: the next power of two, 256 at least.
func Size(n int) int {
	if n <= 1<<minShift {
		return 1 << minShift
	}
	return 1 << bits.Len(uint(n-1))
}

// Get gives a buffer of length Size(n), with any content, or nil when that would exceed Limit. n must be positive.
func (p *Pool) Get(n int) []byte {
	limit := p.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if n <= 0 || n > limit {
		return nil
	}
	size := Size(n)
	if size > limit-p.out {
		return nil
	}
	p.out += size
	c := class(size)
	if c >= classes || len(p.free[c]) == 0 {
		return make([]byte, size)
	}
	last := len(p.free[c]) - 1
	b := p.free[c][last]
	p.free[c][last] = nil
	p.free[c] = p.free[c][:last]
	p.kept -= size
	return b
}

// Put takes back a buffer that Get gave; it may have been cut at its end. The caller must not use it any more.
func (p *Pool) Put(b []byte) {
	size := cap(b)
	if size == 0 {
		return
	}
	p.out -= size
	keep := p.Keep
	if keep == 0 {
		keep = DefaultKeep
	}
	c := class(size)
	if c >= classes || p.kept+size > keep {
		return
	}
	p.kept += size
	p.free[c] = append(p.free[c], b[:size])
}

// Outstanding is how many bytes are handed out.
func (p *Pool) Outstanding() int { return p.out }

// Kept is how many bytes wait for reuse.
func (p *Pool) Kept() int { return p.kept }

// class is the index of size, a power of two, among the free lists; it may be beyond them.
func class(size int) int { return bits.Len(uint(size)) - 1 - minShift }
