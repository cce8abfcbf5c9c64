package iface

import (
	"math/rand/v2"
	"testing"
	"time"

	"smoltls/tcp"
)

// most and least of n answers, of which each costs none, one or two: six standard deviations.
func around(n int) (least, most int) {
	d := 5
	for d*d < 24*n { // 36 * 2/3
		d++
	}
	return n - d, n + d
}

func TestBucketGivesItsRateAndABurstOfATenthOfASecond(t *testing.T) {
	const rate = 10_000
	rng := rand.New(rand.NewPCG(1, 2))
	b := newBucket(rate)
	count := func(now time.Duration) (n int) {
		for b.take(tcp.Instant(now), rng) {
			n++
		}
		return n
	}
	fits := func(what string, got, want int) {
		t.Helper()
		if least, most := around(want); got < least || got > most {
			t.Errorf("%s: %d, wanted %d to %d", what, got, least, most)
		}
	}
	fits("burst", count(0), rate/10)
	total := 0
	for ms := time.Duration(1); ms <= 1000; ms++ {
		total += count(ms * time.Millisecond)
	}
	fits("a second", total, rate)
	fits("after an hour", count(time.Hour), rate/10)
	fits("at the same time", count(time.Hour), 0)
	one := newBucket(1)
	total = 0
	for k := range 1000 {
		for one.take(tcp.Instant(k)*tcp.Instant(time.Second), rng) {
			total++
		}
	}
	fits("one a second", total, 1000)
}

// Who has a port asked in another's name, and then counts what answers are left for itself, must not learn whether the
// other got one.
func TestTheTokensThatAreLeftCanNotBeCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const probes = 50
	left := func(answered int) (n int) {
		b := newBucket(1000)
		for range answered {
			b.take(0, rng)
		}
		for b.take(0, rng) {
			n++
		}
		return n
	}
	lies := 0 // times that one answer more seems to have been one less
	for range 1000 {
		if left(probes) > left(probes-1) {
			lies++
		}
	}
	if lies < 300 {
		t.Errorf("in %d of 1,000 trials the count misleads, which is too few", lies)
	}
}
