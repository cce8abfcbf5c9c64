package tcp

import (
	"slices"
	"testing"
	"time"
)

// pathEnd is a host that knows paths: it suggests what it is told to, and notes what it hears.
type pathEnd struct {
	*end
	shorter int // for a black hole
	try     int // for a probe
	asked   []int
	arrived []int
	lost    []int
}

func (e *pathEnd) BlackHole(_ Instant, mss int) int {
	e.asked = append(e.asked, mss)
	return e.shorter
}

func (e *pathEnd) PathProbe(_ Instant, mss int) int {
	if e.try <= mss {
		return 0
	}
	return e.try
}

func (e *pathEnd) PathProbed(_ Instant, mss int, arrived bool) {
	if arrived {
		e.arrived = append(e.arrived, mss)
	} else {
		e.lost = append(e.lost, mss)
	}
}

func newPathScript(t *testing.T) (*script, *pathEnd) {
	s := newScript(t, nil)
	h := &pathEnd{end: s.sock}
	s.sock.Init(&s.env, h, nil)
	return s, h
}

func TestSegmentsBecomeShorterAfterThreeTimeoutsInARow(t *testing.T) { // RFC 4821 §7.7
	s, h := newPathScript(t)
	h.shorter = 500
	s.sacking().run(`
		write 2000
		> . 1(1000)
		> . 1001(1000)`)
	for range 100 {
		if s.advance(100 * time.Millisecond); len(h.asked) > 0 {
			break
		}
		s.drain()
	}
	if !slices.Equal(h.asked, []int{1000}) || s.env.Stats.Timeouts != fullStopTimeouts {
		t.Fatalf("asked %v after %d timeouts", h.asked, s.env.Stats.Timeouts)
	}
	s.run(`
		> . 1(500)
		< . 1(0) ack 501
		> . 501(500)
		> . 1001(500)
		< . 1(0) ack 1501
		> . 1501(500)
		< . 1(0) ack 2001
		> -`)
	if s.sock.Info().MSS != 500 {
		t.Errorf("segments of %d bytes", s.sock.Info().MSS)
	}
}

func TestWhatIsShortAnywayIsNoSignOfABlackHole(t *testing.T) {
	s, h := newPathScript(t)
	h.shorter = 500
	s.sacking().run("write 900\n> . 1(900)")
	for range 100 {
		s.advance(100 * time.Millisecond)
		s.drain()
	}
	if len(h.asked) != 0 || s.env.Stats.Timeouts < fullStopTimeouts {
		t.Fatalf("asked %v after %d timeouts", h.asked, s.env.Stats.Timeouts)
	}
}

// narrowed is a connection whose path was found to take 500 bytes, and whose host has 800 to try.
func narrowed(t *testing.T) (*script, *pathEnd) {
	s, h := newPathScript(t)
	s.sacking().run("unpaced")
	s.sock.PathNarrowed(s.now, 500)
	s.run("write 500\n> . 1(500)\n+ 100ms\n< . 1(0) ack 501")
	h.try = 800
	return s, h
}

func TestALongerSegmentIsTriedWhenOthersFollow(t *testing.T) { // RFC 4821 §7.4, §7.6.1
	s, h := narrowed(t)
	s.run(`
		write 2200
		> . 501(500)                # 800 and three times 500 are more
		> . 1001(500)
		> . 1501(500)
		> . 2001(500)
		> . 2501(200)
		+ 100ms
		< . 1(0) ack 2701
		write 2300
		> . 2701(800)
		> . 3501(500)
		> . 4001(500)
		> . 4501(500)
		> -
		+ 100ms
		< . 1(0) ack 3501
		write 2000
		> . 5001(800)`)
	if !slices.Equal(h.arrived, []int{800}) || h.lost != nil || s.sock.Info().MSS != 800 || s.env.Stats.PathProbes != 1 {
		t.Fatalf("%+v, %+v", h, s.sock.Info())
	}
}

func TestNoSegmentIsTriedBeyondTheConfigurations(t *testing.T) {
	s, h := newPathScript(t)
	s.sock.Init(&s.env, h, &Config{MaxSegment: 600, NoPacing: true})
	s.sacking()
	s.sock.PathNarrowed(s.now, 500)
	s.run("write 500\n> . 1(500)\n+ 100ms\n< . 1(0) ack 501")
	h.try = 800
	s.run(`
		write 2200
		> . 501(600)
		> . 1101(500)`)
}

func TestALostProbeIsSentAgainInShortSegmentsAndSlowsNothingDown(t *testing.T) { // RFC 4821 §7.6.2
	s, h := narrowed(t)
	s.run(`
		write 2300
		> . 501(800)
		> . 1301(500)
		> . 1801(500)
		> . 2301(500)
		+ 100ms
		< . 1(0) ack 501 sack 1301-1801
		< . 1(0) ack 501 sack 1301-2301`)
	cwnd := s.sock.Info().Cwnd
	s.run(`
		< . 1(0) ack 501 sack 1301-2801
		> . 501(500)
		> . 1001(300)
		+ 100ms
		< . 1(0) ack 2801
		> -`)
	if i := s.sock.Info(); !slices.Equal(h.lost, []int{800}) || h.arrived != nil || i.MSS != 500 || i.Cwnd < cwnd || s.env.Stats.FastRetransmits+s.env.Stats.Timeouts != 0 {
		t.Fatalf("%+v, %+v", h, i)
	}
}

func TestAProbeThatIsLostWithOthersTellsNothing(t *testing.T) { // RFC 4821 §7.6.4
	s, h := narrowed(t)
	s.run(`
		write 3300
		> . 501(800)
		> . 1301(500)
		> . 1801(500)
		> . 2301(500)
		> . 2801(500)
		> . 3301(500)
		+ 100ms
		< . 1(0) ack 501 sack 1801-3801
		> . 501(500)
		> . 1001(500)`)
	if h.lost != nil || h.arrived != nil || s.env.Stats.FastRetransmits != 1 {
		t.Fatalf("%+v", h)
	}
}

func TestAProbeThatATimeoutEndsHasFailed(t *testing.T) { // RFC 4821 §7.6.3
	s, h := narrowed(t)
	s.run("write 2300\n> . 501(800)\n> . 1301(500)\n> . 1801(500)\n> . 2301(500)")
	for range 20 {
		s.advance(100 * time.Millisecond)
		s.drain()
	}
	if !slices.Equal(h.lost, []int{800}) || s.env.Stats.Timeouts == 0 {
		t.Fatalf("%+v", h)
	}
}

func TestAProbeIsOneSegmentForWhoCutsOthers(t *testing.T) {
	s, h := narrowed(t)
	s.super.Limit = 60_000
	s.run("write 3000\n> . 501(800) size 800\n> . 1301(2200) size 500")
	if h.try = 0; s.sock.tx.path.size != 800 {
		t.Fatalf("%+v", s.sock.tx.path)
	}
}

func TestAHostThatKnowsNoPathsIsNotAsked(t *testing.T) {
	s := newScript(t, nil).sacking()
	s.sock.PathNarrowed(s.now, 500)
	s.run("write 3000\n> . 1(500)")
	if s.drain(); s.sock.tx.path.on {
		t.Fatal("still searching")
	}
}
