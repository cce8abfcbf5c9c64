package drill

import (
	"errors"
	"testing"
	"time"

	"smoltls/phy"
)

func TestTheWireTakesPacketsOfItsMTU(t *testing.T) {
	w := &wire{}
	for _, n := range []int{-1, 0, mtu + 1} {
		if w.Buffer(n) != nil {
			t.Errorf("room for %d bytes", n)
		}
	}
	if err := w.Send(time.Time{}, 1); !errors.Is(err, phy.ErrNoBuffer) {
		t.Error(err)
	}
	if b := w.Buffer(mtu); len(b) != mtu {
		t.Error(len(b))
	}
	if err := w.Send(time.Time{}, mtu+1); !errors.Is(err, phy.ErrFrameLength) {
		t.Error(err)
	}
	if err := w.Send(epoch, 100); err != nil || len(w.left) != 1 || len(w.left[0].bytes) != 100 || w.left[0].at != epoch {
		t.Error(err, w.left)
	}
}

func TestTheWireGivesPacketsInOrder(t *testing.T) {
	w := &wire{in: [][]byte{{1}, {2}}}
	for _, want := range []byte{1, 2} {
		if p, err := w.Receive(time.Time{}); err != nil || p[0] != want {
			t.Fatal(p, err)
		}
	}
	if p, err := w.Receive(time.Time{}); p != nil || err != nil {
		t.Fatal(p, err)
	}
}
