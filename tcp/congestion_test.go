package tcp

import "testing"

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
