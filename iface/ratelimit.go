package iface

import "smoltls/tcp"

// bucket is a token bucket: rate tokens a second, at most a tenth of a second's worth saved up (RFC 4443 §2.4 (f)).
type bucket struct {
	rate   int
	tokens int64 // in billionths
	last   tcp.Instant
}

const token = 1e9

func (b *bucket) burst() int64 { return max(int64(b.rate)/10, 1) * token }

// take takes a token if there is one.
func (b *bucket) take(now tcp.Instant) bool {
	if passed := int64(now - b.last); passed > 0 {
		b.last = now
		b.tokens = min(b.tokens+min(passed, token)*int64(b.rate), b.burst())
	}
	if b.tokens < token {
		return false
	}
	b.tokens -= token
	return true
}

func newBucket(rate int) bucket {
	b := bucket{rate: rate}
	b.tokens = b.burst()
	return b
}
