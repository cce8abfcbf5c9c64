package tcp

import (
	"testing"
	"time"
)

func TestTimeoutBacksOffAndSendsFromTheFirstUnacknowledged(t *testing.T) { // RFC 6298 §5.4 to §5.6
	s := newScript(t, nil).established().run(`
		write 2500
		> . 1(1000)
		> . 1001(1000)
		> P. 2001(500)
		+ 199ms
		> -
		+ 1ms
		> . 1(1000)                 # one segment: the window has collapsed
		> -
		+ 400ms
		> . 1(1000)
		> -
		+ 800ms
		> . 1(1000)
		< . 1(0) ack 1001
		> . 1001(1000)              # slow start
		> P. 2001(500)
		< . 1(0) ack 2501
		> -
		+ 1h
		> -`)
	if s.env.Stats.Timeouts != 3 || s.env.Stats.Retransmits != 5 {
		t.Fatalf("%+v", s.env.Stats)
	}
}

func TestATimeoutIsMoreThanARoundTripHoweverAlikeTheyAre(t *testing.T) {
	for _, c := range []struct{ srtt, rttvar, want time.Duration }{
		{300 * time.Millisecond, 0, 500 * time.Millisecond}, {150 * time.Millisecond, 0, 300 * time.Millisecond}, {10 * time.Millisecond, 0, DefaultMinRTO},
		{300 * time.Millisecond, 100 * time.Millisecond, 700 * time.Millisecond}, // RFC 6298 §2.3
	} {
		s := &Socket{cfg: &defaultConfig, srtt: uint32(c.srtt.Microseconds()), rttvar: uint32(c.rttvar.Microseconds())}
		if got := s.timeout(); got != c.want {
			t.Errorf("%v ± %v: %v, want %v", c.srtt, c.rttvar, got, c.want)
		}
	}
}

func TestTimerStartsAnewWithWhatRecoverySendsAgain(t *testing.T) { // RFC 6675 §6
	s := newScript(t, nil).sacking().run("write 10000")
	s.drain()
	s.run(`
		+ 200ms                     # a probe leaves
		> P. 9001(1000)
		+ 50ms
		< . 1(0) ack 1 sack 1001-4001
		> . 1(1000)`)
	s.drain()
	if sent := s.sock.tx.rtoAt.Sub(s.now); sent != s.sock.timeout() {
		t.Fatalf("%v left of a timeout of %v", sent, s.sock.timeout())
	}
}

func TestTimerStartsAnewWithEachACKOfNewData(t *testing.T) { // RFC 6298 §5.3
	newScript(t, nil).established().run(`
		write 2000
		> . 1(1000)
		> P. 1001(1000)
		+ 150ms
		< . 1(0) ack 1001
		+ 199ms
		> -
		+ 1ms
		> P. 1001(1000)`)
}

func TestAnACKOfNewDataEndsTheBackoff(t *testing.T) {
	newScript(t, nil).established().run(`
		write 2000
		> . 1(1000)
		> P. 1001(1000)
		+ 200ms
		> . 1(1000)
		+ 400ms
		> . 1(1000)
		< . 1(0) ack 1001
		> P. 1001(1000)
		+ 199ms
		> -
		+ 1ms
		> P. 1001(1000)`)
}

func TestTimeoutStaysWithinItsBounds(t *testing.T) {
	s := newScript(t, &Config{MinRTO: time.Second, MaxRTO: 3 * time.Second, UserTimeout: -1}).established().run(`
		write 10
		> P. 1(10)
		+ 1s
		> P. 1(10)
		+ 2s
		> P. 1(10)
		+ 3s
		> P. 1(10)
		+ 3s
		> P. 1(10)`)
	if s.sock.Info().RTO != 3*time.Second {
		t.Fatal(s.sock.Info().RTO)
	}
	s = newScript(t, &Config{MinRTO: 5 * time.Second, MaxRTO: time.Second}).established() // bounds that cross
	if s.sock.Info().RTO != 5*time.Second {
		t.Fatal(s.sock.Info().RTO)
	}
}

func TestTimeoutForDataIsThreeSecondsAfterSYNWasLost(t *testing.T) { // RFC 6298 §5.7
	s := newScript(t, nil).active().run(`
		> S 0(0)
		+ 1s
		> S 0(0)
		< S. 0(0) ack 1
		> . 1(0)
		write 10
		> P. 1(10)
		+ 2999ms
		> -
		+ 1ms
		> P. 1(10)`)
	if s.sock.Info().Timeouts != 1 {
		t.Fatal("not counted")
	}
}

func TestConnectionEndsAfterTooManyRetransmissions(t *testing.T) { // R2, RFC 9293 §3.8.3
	s := newScript(t, &Config{MaxRetries: 3, UserTimeout: -1}).established().run(`
		write 10
		> P. 1(10)
		+ 200ms
		> P. 1(10)
		+ 400ms
		> P. 1(10)
		+ 800ms
		> P. 1(10)
		+ 1600ms
		> -
		state CLOSED
		err timed out`)
	if s.env.Pool.Out() != 0 {
		t.Fatal("memory was kept")
	}
}

func TestTimeoutNeverOverflows(t *testing.T) {
	s := newScript(t, nil).established().sock
	s.srtt, s.rttvar = 1<<28, 1<<28
	for b := range 256 {
		s.backoff = uint8(b)
		if d := s.timeout(); d <= 0 || d > DefaultMaxRTO {
			t.Fatalf("backoff %d: %v", b, d)
		}
	}
	if increment(255) != 255 || increment(0) != 1 {
		t.Fatal("increment")
	}
}

func TestAHostThatCannotSendIsAskedAgain(t *testing.T) { // no room in its device, no neighbour yet: nothing of what is due was emitted
	s := newScript(t, nil).active().run(`
		+ 1s
		+ 2s
		> S 0(0)
		< S. 0(0) ack 1 win 10000 mss 1000
		> . 1(0)
		write 10
		> P. 1(10)`)
	for range 3 {
		if s.sock.Deadline() == Never {
			t.Fatal("no timer runs")
		}
		s.now = s.sock.Deadline()
		s.sock.Expire(s.now)
	}
	s.run("> P. 1(10)")
}
