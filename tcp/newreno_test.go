package tcp

import "testing"

// renoConfig is for tests whose figures are NewReno's.
var renoConfig = &Config{Congestion: NewReno}

// window is a socket with segments of 1000 bytes, for the algorithms.
func window(cwnd, ssthresh uint32) *Socket {
	s := &Socket{env: &Env{}, cfg: &defaultConfig, mss: 1000, cwnd: cwnd, ssthresh: ssthresh, flags: flagSACK}
	s.sending()
	return s
}

// reno tells newReno that so many bytes have arrived, of prior that were outstanding.
func reno(s *Socket, delivered, prior int) {
	newReno{}.acknowledged(s, 0, &ackSample{delivered: delivered, advances: true, prior: prior})
}

func TestInitialWindow(t *testing.T) { // RFC 6928 §2
	for mss, want := range map[uint16]uint32{1460: 14600, 1000: 10000, 536: 5360, 9000: 18000, 4000: 14600} {
		s := &Socket{mss: mss}
		newReno{}.open(s, 0)
		if s.cwnd != want {
			t.Errorf("segments of %d: %d, want %d", mss, s.cwnd, want)
		}
	}
	s := &Socket{mss: 1000, retries: 2}
	newReno{}.open(s, 0)
	if s.cwnd != 1000 {
		t.Errorf("%d after two lost SYNs", s.cwnd)
	}
}

func TestSlowStartAddsWhatWasAcknowledged(t *testing.T) { // RFC 5681 §3.1 with RFC 3465
	s := window(10000, maxCwnd)
	reno(s, 2000, 10000)
	if s.cwnd != 12000 {
		t.Fatal(s.cwnd)
	}
	for range 2000 { // no more for an ACK of each byte
		reno(s, 1, 12000)
	}
	if s.cwnd != 14000 {
		t.Fatal(s.cwnd)
	}
	reno(s, 14000, 14000) // and no less for one of all
	if s.cwnd != 28000 {
		t.Fatal(s.cwnd)
	}
	reno(s, 1<<30, 1<<30)
	if s.cwnd != maxCwnd {
		t.Fatal(s.cwnd)
	}
}

func TestSlowStartAfterATimeoutAddsOneSegmentAnACKWithoutSACK(t *testing.T) { // RFC 3465 §2.3
	s := window(1000, 10000)
	s.flags = flagLoss
	reno(s, 4000, 1000)
	if s.cwnd != 2000 {
		t.Fatal(s.cwnd)
	}
}

func TestCongestionAvoidanceAddsOneSegmentARoundTrip(t *testing.T) { // RFC 5681 §3.1
	s := window(10000, 5000)
	for range 9 {
		reno(s, 1000, 10000)
	}
	if s.cwnd != 10000 {
		t.Fatalf("%d before a round trip", s.cwnd)
	}
	reno(s, 1000, 10000)
	if s.cwnd != 11000 {
		t.Fatal(s.cwnd)
	}
}

func TestAWindowThatIsNotUsedDoesNotGrow(t *testing.T) { // RFC 7661 says why
	s := window(10000, maxCwnd)
	reno(s, 1000, 1000)
	if s.cwnd != 10000 {
		t.Fatal(s.cwnd)
	}
}

func TestSlowStartEndsAtItsThreshold(t *testing.T) {
	s := window(10000, 12000)
	reno(s, 10000, 10000)
	if s.cwnd != 12000 || s.tx.cc.acked != 8000 {
		t.Fatal(s.cwnd, s.tx.cc.acked)
	}
}

func TestThresholdIsHalfOfWhatWasOutOnceForASegment(t *testing.T) { // RFC 5681 §3.1, equation 4
	s := window(20000, maxCwnd)
	s.sndMax = 20000
	newReno{}.timeout(s, 0, false)
	if s.ssthresh != 10000 {
		t.Fatal(s.ssthresh)
	}
	s.sndMax = 4000
	newReno{}.timeout(s, 0, true)
	if s.ssthresh != 10000 {
		t.Fatal("halved again for the same segment")
	}
	newReno{}.timeout(s, 0, false)
	if s.ssthresh != 2000 {
		t.Fatal("less than two segments")
	}
}

func TestIdleTimeTakesTheWindowBackAndRemembersAGoodPart(t *testing.T) { // RFC 5681 §4.1
	s := window(100000, 20000)
	newReno{}.idle(s, 0)
	if s.cwnd != 10000 || s.ssthresh != 75000 {
		t.Fatal(s.cwnd, s.ssthresh)
	}
}

func TestWhatARecoveryHasRunAheadByDoesNotCountAsAWindow(t *testing.T) {
	s := window(20000, 20000)
	s.sndMax = s.sndUna.Add(80000) // three quarters of it have arrived behind a hole
	newReno{}.enterRecovery(s, 0)
	if s.ssthresh != 10000 {
		t.Fatal(s.ssthresh)
	}
}
