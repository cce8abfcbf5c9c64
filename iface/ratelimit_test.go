package iface

import (
	"testing"
	"time"

	"smoltls/tcp"
)

func TestBucketGivesItsRateAndABurstOfATenthOfASecond(t *testing.T) {
	b := newBucket(100)
	count := func(now time.Duration) (n int) {
		for b.take(tcp.Instant(now)) {
			n++
		}
		return n
	}
	if n := count(0); n != 10 {
		t.Errorf("burst of %d", n)
	}
	total := 0
	for ms := time.Duration(1); ms <= 1000; ms++ {
		total += count(ms * time.Millisecond)
	}
	if total != 100 {
		t.Errorf("%d in a second", total)
	}
	if n := count(time.Hour); n != 10 {
		t.Errorf("%d after an hour", n)
	}
	if b := newBucket(1); !b.take(0) || b.take(0) {
		t.Error("one a second")
	}
}
