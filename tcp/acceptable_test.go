package tcp

import (
	"testing"
)

func TestSegmentsOutsideOfTheWindowAreAnsweredByACK(t *testing.T) { // RFC 9293 §3.10.7.4, first
	s := newScript(t, &Config{RecvBuffer: 2000}).established().run(`
		< . 5000(10) ack 1          # beyond the right edge
		> . 1(0) ack 1
		< P. 1(100) ack 1
		+ 40ms
		> . 1(0) ack 101
		< P. 1(100) ack 1           # all of it was here before
		> . 1(0) ack 101
		< . 51(100) ack 1           # half of it was
		+ 40ms
		> . 1(0) ack 151
		read 150`)
	if s.env.Stats.DropNotAcceptable != 2 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestDataBeyondTheRightEdgeIsCutOff(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 2000}).established().run(`
		< . 1(1000) ack 1
		< . 1001(1200) ack 1
		> . 1(0) ack 2001 win 0
		read 2000
		> . 1(0) ack 2001 win 2000`)
}

func TestAWindowProbeIsAnsweredAndItsACKCounts(t *testing.T) { // RFC 9293 §3.10.7.4: RCV.WND of zero
	newScript(t, &Config{RecvBuffer: 2000}).established().run(`
		write 500
		> P. 1(500)
		< . 1(1000) ack 1
		< . 1001(1000) ack 1
		> . 501(0) ack 2001 win 0
		< . 2001(1) ack 501
		> . 501(0) ack 2001 win 0
		+ 10m
		> -`)
}

func TestRSTEndsTheConnectionOnlyAtExactlyTheNextNumber(t *testing.T) { // RFC 5961 §3.2
	newScript(t, nil).established().run(`
		< R 2(0)                    # in the window: may be forged
		> . 1(0) ack 1
		state ESTABLISHED
		< R 100000(0)               # outside
		> -
		< R 0(0)
		> -
		< R 1(0)
		> -
		state CLOSED
		err reset`)
}

func TestRSTWithDataOfAClosedWindowIsBelieved(t *testing.T) { // RFC 9293 §3.10.7.4
	newScript(t, &Config{RecvBuffer: 2000}).established().run(`
		< . 1(1000) ack 1
		< . 1001(1000) ack 1
		> . 1(0) ack 2001 win 0
		< R. 2001(0) ack 1
		state CLOSED
		read 2000                   # what came before it is still there
		err reset`)
}

func TestSYNInAConnectionIsChallenged(t *testing.T) { // RFC 5961 §4.2
	for _, line := range []string{"< S 1(0)", "< S 500(0)", "< S. 0(0) ack 1", "< S 90000(0)"} {
		newScript(t, nil).established().run(line + `
			> . 1(0) ack 1
			state ESTABLISHED`)
	}
}

func TestSegmentsWithoutACKAreDropped(t *testing.T) { // RFC 9293 §3.10.7.4, fifth
	s := newScript(t, nil).established().run(`
		< P 1(10)
		> -`)
	if s.env.Stats.DropNoACK != 1 || s.sock.ReadBuffered() != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestUrgentDataIsDataInItsPlace(t *testing.T) { // RFC 6093 §3 advises against anything else
	newScript(t, nil).established().run(`
		< PU. 1(10) ack 1
		read 10`)
}

func TestAcceptableIsTheTableOfRFC9293(t *testing.T) {
	s := newScript(t, nil).established().sock
	for _, c := range []struct {
		wnd, off, n int
		want        bool
	}{
		{0, 0, 0, true}, {0, 1, 0, false}, {0, -1, 0, false},
		{10, 0, 0, true}, {10, 9, 0, true}, {10, 10, 0, true}, {10, 11, 0, false}, {10, -1, 0, false},
		{0, 0, 5, true}, {0, 1, 5, false},
		{10, 0, 5, true}, {10, 9, 5, true}, {10, 10, 5, false}, {10, -4, 5, true}, {10, -5, 5, false}, {10, -50, 500, true},
	} {
		s.rcvAdv = s.rcvNxt.Add(c.wnd)
		seg := Segment{Seq: s.rcvNxt.Add(c.off), Payload: make([]byte, c.n)}
		if got := s.acceptable(&seg); got != c.want {
			t.Errorf("window %d, offset %d, length %d: %v", c.wnd, c.off, c.n, got)
		}
	}
}
