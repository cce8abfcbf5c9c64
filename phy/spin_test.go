package phy

import (
	"runtime"
	"testing"
	"time"
)

const us = time.Microsecond

func TestSpinnerLooksForLongerWhileFramesComeSoon(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	s := newSpinner(0)
	for k, want := range []time.Duration{0, 5 * us, 10 * us, 20 * us, 40 * us, DefaultSpin, DefaultSpin} {
		if got := s.next(); got != want {
			t.Fatalf("after %d short sleeps it looks for %v, want %v", k, got, want)
		}
		s.slept(DefaultSpin)
	}
}

func TestSpinnerGivesUpWhenFramesComeLate(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	s := newSpinner(0)
	s.span = DefaultSpin
	lost := time.Duration(0)
	for s.next() > 0 {
		lost += s.next()
		s.slept(DefaultSpin + 1)
	}
	if lost >= 2*DefaultSpin {
		t.Fatalf("it looked for %v in vain, want less than twice the bound", lost)
	}
	if s.slept(time.Hour); s.next() != 0 {
		t.Fatal("idle, and it looks again")
	}
}

func TestSpinnerNeverLooks(t *testing.T) {
	for _, c := range []struct {
		name  string
		procs int
		limit time.Duration
	}{{"when told so", 2, -1}, {"on a single processor", 1, DefaultSpin}} {
		t.Run(c.name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.procs))
			s := newSpinner(c.limit)
			for range 10 {
				s.slept(us)
				if s.next() != 0 {
					t.Fatalf("it looks for %v", s.next())
				}
			}
		})
	}
}

func TestSpinnerKeepsToTheCallersBound(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	s := newSpinner(7 * us)
	for range 10 {
		s.slept(us)
	}
	if s.next() != 7*us {
		t.Fatalf("it looks for %v, want 7 µs", s.next())
	}
}
