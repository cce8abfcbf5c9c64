package tcp

import (
	"fmt"
	"testing"
)

func TestCongestionWindowLimitsWhatIsOut(t *testing.T) {
	s := newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 60000 mss 1000
		> . 1(0)
		write 30000`)
	if n := s.drain(); n != 10 {
		t.Fatalf("%d segments in the first round trip", n)
	}
	s.run("< . 1(0) ack 10001 win 60000")
	if n := s.drain(); n != 20 {
		t.Fatalf("%d segments in the second", n)
	}
}

// Who sends exactly what the window permits has used all of it, though nothing was held back.
func TestAWindowThatWasJustFilledMayGrow(t *testing.T) { // RFC 7661
	for _, c := range []struct{ written, want int }{{10000, 20000}, {9100, 19100}, {9000, 14000}, {3000, 10000}} {
		s := newScript(t, &Config{NoPacing: true}).sacking()
		s.run(fmt.Sprintf("write %d", c.written))
		s.drain()
		s.run("+ 100ms")
		for at := 2000; at < c.written+2000; at += 2000 {
			s.run(fmt.Sprintf("< . 1(0) ack %d", min(at, c.written)+1))
		}
		if got := s.sock.Info().Cwnd; got != c.want {
			t.Errorf("after %d bytes the window is %d, want %d", c.written, got, c.want)
		}
	}
}

func TestCongestionNames(t *testing.T) {
	for c, want := range map[Congestion]string{CUBIC: "CUBIC", NewReno: "NewReno", 200: "unknown"} {
		if c.String() != want {
			t.Errorf("%d is %q", c, c)
		}
	}
	var zero Config
	if s := (&Socket{cfg: &zero}); s.congestion() != (cubic{}) {
		t.Errorf("the default is %T", s.congestion())
	}
}

func TestAWindowThatWasFullMayGrowUntilAllOfThenHasArrived(t *testing.T) { // RFC 7661
	s := window(10000, 5000)
	s.windowBinds(9800)
	for range 9 {
		s.tx.rate.delivered += 1000
		if s.mayGrow(&ackSample{delivered: 1000, advances: true, prior: 3000}) != 1000 {
			t.Fatal("was full")
		}
	}
	s.tx.rate.delivered += 1000
	if s.mayGrow(&ackSample{delivered: 1000, advances: true, prior: 3000}) != 0 {
		t.Fatal("was not full any more")
	}
	s.tx.rate.delivered += 1 << 31
	if s.mayGrow(&ackSample{delivered: 1000, advances: true, prior: 3000}) != 0 {
		t.Fatal("nor after a lap of the count")
	}
}
