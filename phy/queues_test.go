package phy

import (
	"errors"
	"testing"
)

func TestOpenQueuesRefusesWhatCanNotBe(t *testing.T) {
	for _, n := range []int{-1, 0, MaxQueues + 1} {
		var oe *OpenError
		if q, err := OpenTUNQueues("tun0", n, TunTapOptions{}); q != nil || !errors.Is(err, ErrQueues) || !errors.As(err, &oe) {
			t.Errorf("%d queues: %v", n, err)
		}
	}
	if _, err := OpenTUNQueues("a name", 2, TunTapOptions{}); err == nil {
		t.Error("a name that no interface has")
	}
}
