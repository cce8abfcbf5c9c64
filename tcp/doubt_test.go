package tcp

import (
	"testing"
	"time"
)

// hopEnd is a host that counts doubts.
type hopEnd struct {
	*end
	doubts int
}

func (e *hopEnd) Doubt() { e.doubts++ }

func newHopScript(t *testing.T) (*script, *hopEnd) {
	s := newScript(t, nil)
	h := &hopEnd{end: s.sock}
	s.sock.Init(&s.env, h, nil)
	return s, h
}

func TestTheNextHopIsDoubtedFromTheSecondTimeoutInARowOn(t *testing.T) { // RFC 1122 §3.3.1.4
	s, h := newHopScript(t)
	s.established().run(`
		write 10
		> P. 1(10)`)
	for _, want := range []int{0, 1, 2} {
		for before := s.sock.Info().Timeouts; s.sock.Info().Timeouts == before; {
			s.advance(100 * time.Millisecond)
			s.drain()
		}
		if h.doubts != want {
			t.Fatalf("%d doubts after %d timeouts, want %d", h.doubts, s.sock.Info().Timeouts, want)
		}
	}
	t.Log("# an answer ends the row")
	s.run(`
		< . 1(0) ack 11
		write 10
		> P. 11(10)`)
	for s.sock.Info().Timeouts == 0 {
		s.advance(100 * time.Millisecond)
		s.drain()
	}
	if h.doubts != 2 {
		t.Fatal(h.doubts)
	}
}

func TestTheNextHopIsDoubtedWhenSYNsAreNotAnswered(t *testing.T) {
	s, h := newHopScript(t)
	s.active().run("> S 0(0)")
	for s.sock.Info().Timeouts < 3 {
		s.advance(100 * time.Millisecond)
		s.drain()
	}
	if h.doubts != 2 {
		t.Fatal(h.doubts)
	}
}
