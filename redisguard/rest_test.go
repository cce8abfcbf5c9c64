package redisguard

import (
	"errors"
	"testing"
	"time"
)

func TestThereIsRestAfterAFailureAndNewsOnce(t *testing.T) {
	var r rest
	failure := errors.New("gone")
	for n, c := range []struct {
		err        error
		lost, back bool
	}{{nil, false, false}, {failure, true, false}, {failure, false, false}, {nil, false, true}, {nil, false, false}} {
		if lost, back := r.note(c.err, epoch); lost != c.lost || back != c.back {
			t.Errorf("%d: lost %v, back %v", n, lost, back)
		}
		if r.resting(epoch.Add(-1), time.Second) != (c.err != nil) || r.resting(epoch, time.Second) {
			t.Errorf("%d: rest is wrong", n)
		}
	}
}

// After the rest one asks, and the others rest until it has its answer, or none: a Redis that is still away does not
// cost every handshake the wait for it.
func TestOneAsksAfterARest(t *testing.T) {
	var r rest
	r.note(errors.New("gone"), epoch)
	if r.resting(epoch, time.Second) {
		t.Fatal("nobody asks")
	}
	if !r.resting(epoch, time.Second) || !r.resting(epoch.Add(time.Second-1), time.Second) {
		t.Error("a second one asks meanwhile")
	}
	if r.resting(epoch.Add(time.Second), time.Second) {
		t.Error("the one that asked was lost, and nobody asks any more")
	}
	r.note(nil, epoch)
	for range 3 {
		if r.resting(epoch, time.Second) {
			t.Error("rest though it is back")
		}
	}
}
