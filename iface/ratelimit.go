package iface

import (
	"math/rand/v2"

	"smoltls/tcp"
)

// bucket is a token bucket: rate tokens a second on average, at most a tenth of a second's worth saved up (RFC 4443
// §2.4 (f)). How many there are can't be counted from outside: who makes us answer to others, in whose names it asks,
// would find out by what is left for itself which of its questions were answered, and so which ports are in use (RFC
// 6056 §3.3, "SAD DNS").
type bucket struct {
	rate   int
	tokens int64 // in billionths; less than none is a debt
	last   tcp.Instant
}

const token = 1e9

func (b *bucket) burst() int64 { return max(int64(b.rate)/10, 1) * token }

// take reports whether there is a token, and takes none, one or two.
func (b *bucket) take(now tcp.Instant, rng *rand.Rand) bool {
	if !b.has(now) {
		return false
	}
	b.tokens -= int64(rng.IntN(3)) * token
	return true
}

// takeOne is take for what nobody outside can count, and takes one.
func (b *bucket) takeOne(now tcp.Instant) bool {
	if !b.has(now) {
		return false
	}
	b.tokens -= token
	return true
}

// has reports whether there is a token.
func (b *bucket) has(now tcp.Instant) bool {
	if passed := int64(now - b.last); passed > 0 {
		b.last = now
		b.tokens = min(b.tokens+min(passed, token)*int64(b.rate), b.burst())
	}
	return b.tokens >= token
}

func newBucket(rate int) bucket {
	b := bucket{rate: rate}
	b.tokens = b.burst()
	return b
}
