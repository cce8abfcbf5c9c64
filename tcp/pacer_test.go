package tcp

import (
	"math"
	"testing"
	"time"
)

// paceOut sends segments for d, by a host that comes late by so much each time, and gives the bytes and the most that
// left at once.
func paceOut(rate uint64, mss int, late, d time.Duration) (total, burst int64) {
	var p pacer
	now := Instant(1e9)
	end := now.Add(d)
	for now < end {
		at := int64(0)
		for p.open(now, rate, mss) {
			p.sent(mss)
			at += int64(mss)
		}
		total += at
		burst = max(burst, at)
		now = max(now, p.at).Add(late)
		p.came(now)
	}
	return total, burst
}

func TestPacingKeepsItsRateWithinAQuantum(t *testing.T) {
	for _, rate := range []uint64{10_000, 125_000, 12_500_000, 1_250_000_000} {
		for _, mss := range []int{536, 1448, 8948} {
			for _, late := range []time.Duration{0, 100 * time.Microsecond, 900 * time.Microsecond, 10 * time.Millisecond, 19 * time.Millisecond} {
				total, burst := paceOut(rate, mss, late, 10*time.Second)
				quantum := max(int64(rate/1000), 2*int64(mss))
				grace := 2*(quantum+int64(mss)) + int64(float64(rate)*late.Seconds())
				if most := int64(rate)*10 + grace; total > most {
					t.Errorf("%d B/s, segments of %d, %v late: %d bytes in 10 s", rate, mss, late, total)
				}
				if least := int64(rate)*10*99/100 - grace; total < least {
					t.Errorf("%d B/s, segments of %d, %v late: only %d bytes in 10 s", rate, mss, late, total)
				}
				if burst > grace {
					t.Errorf("%d B/s, segments of %d, %v late: %d bytes at once", rate, mss, late, burst)
				}
			}
		}
	}
}

func TestPacingMakesUpForALateHostWithinABound(t *testing.T) {
	var p pacer
	now := Instant(1e9)
	for p.open(now, 1_000_000, 500) {
		p.sent(500)
	}
	now = now.Add(time.Second) // it was asked to come after 1 ms
	p.came(now)
	n := 0
	for p.open(now, 1_000_000, 500) {
		p.sent(500)
		n += 500
	}
	if n != 21_000 { // 20 ms, and the quantum that is due
		t.Fatalf("%d bytes at once", n)
	}
	p.came(now.Add(10 * time.Millisecond))
	now = now.Add(200 * time.Millisecond) // it came then, but a window forbade to send
	n = 0
	for p.open(now, 1_000_000, 500) {
		p.sent(500)
		n += 500
	}
	if n != 2000 {
		t.Fatalf("%d bytes at once after a window was closed", n)
	}
}

func TestPacingMakesUpForNoMoreThanAQuantumOfAPause(t *testing.T) {
	var p pacer
	now := Instant(1e9)
	p.open(now, 1_000_000, 500)
	p.sent(500) // and then there is nothing to send
	now = now.Add(time.Second)
	n := 0
	for p.open(now, 1_000_000, 500) {
		p.sent(500)
		n += 500
	}
	if n != 500+2000 { // what was left, and two quanta of a thousand bytes
		t.Fatalf("%d bytes after a pause", n)
	}
}

func TestPacingTellsWhenTheNextQuantumLeaves(t *testing.T) {
	var p pacer
	now := Instant(5e9)
	p.open(now, 1_000_000, 1000) // a quantum of two segments: 2 ms
	p.sent(1000)
	if !p.open(now, 1_000_000, 1000) {
		t.Fatal("half a quantum")
	}
	p.sent(1500)
	if p.open(now, 1_000_000, 1000) {
		t.Fatal("more than a quantum")
	}
	if p.at != now.Add(time.Millisecond) { // a pacer that is new has a quantum of time to its credit
		t.Fatal(p.at.Sub(now))
	}
	now = p.at
	p.open(now, 1_000_000, 1000)
	p.sent(2000)
	if p.open(now, 1_000_000, 1000) || p.at != now.Add(2500*time.Microsecond) { // the 500 bytes too many are paid for
		t.Fatal(p.at.Sub(now))
	}
}

func TestTransmissionTimeHasBounds(t *testing.T) {
	for _, c := range []struct {
		n    int
		rate uint64
		want time.Duration
	}{{0, 1, 0}, {-5, 1, 0}, {1, 1, time.Second}, {1500, 12_500_000, 120 * time.Microsecond}, {math.MaxInt32, 1, time.Hour}, {1, math.MaxUint64, 0}} {
		if got := transmission(c.n, c.rate); got != c.want {
			t.Errorf("%d bytes at %d: %v", c.n, c.rate, got)
		}
	}
}

// pacing is a connection with a round trip of 100 ms and a window of ten segments of 1000 bytes.
func pacing(t *testing.T) *script {
	s := newScript(t, nil).sacking().run("write 30000")
	s.drain()
	return s
}

func TestSlowStartIsPacedAtTwoWindowsARoundTrip(t *testing.T) {
	s := pacing(t).run(`
		+ 100ms
		< . 1(0) ack 9001`)
	s.sock.cwnd = 20000
	s.run(`
		> . 10001(1000)             # two at once, which take 5 ms at 40 segments in 100 ms
		> . 11001(1000)
		> -
		+ 3999us                    # less the millisecond that a new pacer has to its credit
		> -
		+ 1us
		> . 12001(1000)
		> . 13001(1000)
		> -
		+ 5ms
		> . 14001(1000)`)
	if at := s.sock.tx.paceAt; at != Never {
		t.Fatalf("waits until %v with a quantum open", at)
	}
}

func TestWhatFollowsSilenceLeavesAtOnceUpToAnInitialWindow(t *testing.T) { // RFC 9002 §7.7
	s := pacing(t).run(`
		+ 100ms
		< . 1(0) ack 10001`)
	for at := 10; at < 29; at += 2 { // segment by segment, as its pace has it
		s.run("+ 10ms")
		s.drain()
	}
	s.run(`
		+ 100ms
		< . 1(0) ack 30001
		> -
		write 20000`)
	if n := s.drain(); n != 12 { // and the quantum that was due
		t.Fatalf("%d segments at once", n)
	}
	s.run(`
		+ 1ms
		> -`)
}

func TestPacingHoldsBackRetransmissionsToo(t *testing.T) {
	s := pacing(t).run(`
		+ 100ms
		< . 1(0) ack 1 sack 9001-10001
		+ 25ms`) // RACK's window for reordering
	if n := s.drain(); n < 1 || n > 2 {
		t.Fatalf("%d segments at once", n)
	}
}

func TestASocketThatWaitsForItsPaceIsNotIdle(t *testing.T) {
	s := pacing(t)
	s.sock.tx.quietAt, s.sock.tx.paceAt = s.now, s.now.Add(time.Second)
	s.sock.senderExpired(s.now)
	if s.sock.tx == nil || s.sock.tx.quietAt <= s.now {
		t.Fatal("what is known of the path was given up")
	}
}

func TestNothingIsPacedBeforeARoundTripWasMeasured(t *testing.T) {
	s := window(100_000, maxCwnd)
	s.tx.pacer = pacer{}
	if !s.paced(0) || s.steadyRate() != 0 {
		t.Fatal("paced at no rate")
	}
	s.srtt = 100_000
	s.cwnd = 2000 // two segments are a quantum
	for range 10 {
		if !s.paced(0) {
			t.Fatal("a window that is no larger than a quantum is held back")
		}
		s.tx.pacer.sent(1000)
	}
	s.cwnd = 100_000
	if !s.paced(0) || s.tx.pacer.at > Instant(20*time.Millisecond) {
		t.Fatal("what left without a pace is a debt")
	}
}

func TestASocketWhoseHostPollsCoarselyStillFillsThePath(t *testing.T) {
	for _, c := range []Congestion{CUBIC, NewReno} {
		p := newBottleneck(t, 1, 100, 25*time.Millisecond, 1, 0)
		p.tick = 10 * time.Millisecond
		p.add(Config{Congestion: c}, 0)
		if _, sum := p.measure(3*time.Second, 10*time.Second); sum < 0.95 {
			t.Errorf("%v: %.3f of the link", c, sum)
		}
	}
}

func TestPacingCanBeLeftToTheDevice(t *testing.T) {
	for _, c := range []struct {
		congestion Congestion
		least      int
		most       int
	}{{CUBIC, 20, 20}, {NewReno, 20, 20}, {BBR, 1, 15}} {
		s := newScript(t, &Config{NoPacing: true, Congestion: c.congestion}).sacking().run("write 60000")
		s.drain()
		s.run(`
			+ 100ms
			< . 1(0) ack 10001`)
		if n := s.drain(); n < c.least || n > c.most {
			t.Errorf("%v: %d segments at once", c.congestion, n)
		}
	}
}
