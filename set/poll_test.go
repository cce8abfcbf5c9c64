package set

import (
	"testing"
)

func TestBudgetEndsAPollAndSaysThatWorkIsLeft(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	c, _, _ := w.connect()
	s, _ := w.sa.Get(c)
	if _, err := s.TryWrite(make([]byte, 20_000)); err != nil {
		t.Fatal(err)
	}
	before := w.a.Stats().FramesOut
	more, err := PollBudget(w.now, w.a, w.sa, nil, Budget{Frames: 3})
	if err != nil || !more {
		t.Fatalf("more %v, %v", more, err)
	}
	if n := w.a.Stats().FramesOut - before; n != 3 {
		t.Fatalf("%d frames within a budget of 3", n)
	}
	if at := PollAt(w.now, w.a, w.sa, nil); at.IsZero() || at.After(w.now) {
		t.Fatalf("PollAt says %v though work is left", at)
	}
}

func TestPollAtOfAnIdleWorldIsZero(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	w.poll()
	if at := PollAt(w.now, w.a, w.sa, nil); !at.IsZero() {
		t.Fatalf("an interface without sockets wants to be polled at %v", at)
	}
	w.connect()
	collect(w.sa)
	if at := PollAt(w.now, w.a, w.sa, nil); !at.IsZero() {
		t.Fatalf("an idle connection wants to be polled at %v", at)
	}
}
