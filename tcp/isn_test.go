package tcp

import (
	"testing"
	"time"
)

func TestISNRisesWithTheClockAndDiffersElsewhere(t *testing.T) { // RFC 6528 §3
	var secret, other [32]byte
	other[0] = 1
	a, b := []byte("10.0.0.1:1>10.0.0.2:2"), []byte("10.0.0.1:1>10.0.0.2:3")
	now := Instant(time.Hour)
	first := ISN(&secret, a, now)
	if first != ISN(&secret, a, now) {
		t.Fatal("not a function")
	}
	if got := ISN(&secret, a, now.Add(time.Second)).Sub(first); got != 250_000 { // 4 µs a step
		t.Fatalf("rose by %d in a second", got)
	}
	if first == ISN(&secret, b, now) || first == ISN(&other, a, now) {
		t.Fatal("tuple or secret do not count")
	}
	if ISN(&secret, make([]byte, 64), now) == ISN(&secret, make([]byte, 63), now) {
		t.Fatal("length does not count")
	}
}

func TestISNAllocatesNothing(t *testing.T) {
	var secret [32]byte
	tuple := make([]byte, 36)
	if n := testing.AllocsPerRun(100, func() { ISN(&secret, tuple, 1) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
