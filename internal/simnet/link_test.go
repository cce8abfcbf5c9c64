package simnet

import (
	"testing"
	"time"
)

func TestALinksDirectionsHavePathsOfTheirOwn(t *testing.T) {
	w := New(1)
	a, b := &echoNode{port: w.Port(PortConfig{})}, &echoNode{port: w.Port(PortConfig{}), answers: 1, think: 7 * time.Millisecond}
	wire := w.Link(a.port, b.port, Path{Delay: 10 * time.Millisecond}, Path{Delay: 200 * time.Millisecond})
	w.Add(a)
	w.Add(b)
	if got := volley(t, w, a, b, 1, 60, 0); len(got) != 1 || len(a.got) != 1 {
		t.Fatalf("%d there, %d back", len(got), len(a.got))
	}
	if d := a.got[0].at.Sub(Epoch); d != 217*time.Millisecond {
		t.Errorf("back after %v", d)
	}
	if there, back := wire.Count(); there.Delivered != 1 || back.Delivered != 1 {
		t.Errorf("counted %+v %+v", there, back)
	}
}

func TestACutLinkCarriesNothingUntilItIsMended(t *testing.T) {
	w, a, b, wire := pairOfNodes(t, 1, Path{Delay: time.Millisecond})
	w.After(9500*time.Microsecond, func() { wire.Cut(true) })
	w.After(19500*time.Microsecond, func() { wire.Cut(false) })
	got := volley(t, w, a, b, 30, 60, time.Millisecond)
	if len(got) != 20 || got[9] != 9 || got[10] != 20 {
		t.Errorf("arrived: %v", got)
	}
}
