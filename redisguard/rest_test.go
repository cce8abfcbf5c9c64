package redisguard

import (
	"errors"
	"testing"
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
		if r.resting(epoch.Add(-1)) != (c.err != nil) || r.resting(epoch) {
			t.Errorf("%d: rest is wrong", n)
		}
	}
}
