package tcp

import "testing"

func TestInitialWindow(t *testing.T) { // RFC 6928 §2
	for mss, want := range map[uint16]uint32{1460: 14600, 1000: 10000, 536: 5360, 9000: 18000, 4000: 14600} {
		s := &Socket{mss: mss}
		newReno{}.open(s)
		if s.cwnd != want {
			t.Errorf("segments of %d: %d, want %d", mss, s.cwnd, want)
		}
	}
	s := &Socket{mss: 1000, retries: 2}
	newReno{}.open(s)
	if s.cwnd != 1000 {
		t.Errorf("%d after two lost SYNs", s.cwnd)
	}
}

func TestSlowStartAddsWhatWasAcknowledged(t *testing.T) { // RFC 5681 §3.1 with RFC 3465
	s := &Socket{mss: 1000, cwnd: 10000, ssthresh: maxCwnd}
	newReno{}.acknowledged(s, 2000, 10000)
	if s.cwnd != 12000 {
		t.Fatal(s.cwnd)
	}
	for range 2000 { // no more for an ACK of each byte
		newReno{}.acknowledged(s, 1, 12000)
	}
	if s.cwnd != 14000 {
		t.Fatal(s.cwnd)
	}
	newReno{}.acknowledged(s, 14000, 14000) // and no less for one of all
	if s.cwnd != 28000 {
		t.Fatal(s.cwnd)
	}
	newReno{}.acknowledged(s, 1<<30, 1<<30)
	if s.cwnd != maxCwnd {
		t.Fatal(s.cwnd)
	}
}

func TestSlowStartAfterATimeoutAddsOneSegmentAnACK(t *testing.T) { // RFC 3465 §2.3
	s := &Socket{mss: 1000, cwnd: 1000, ssthresh: 10000, sndUna: 5000, recover: 9000}
	newReno{}.acknowledged(s, 4000, 1000)
	if s.cwnd != 2000 {
		t.Fatal(s.cwnd)
	}
}

func TestCongestionAvoidanceAddsOneSegmentARoundTrip(t *testing.T) { // RFC 5681 §3.1
	s := &Socket{mss: 1000, cwnd: 10000, ssthresh: 5000}
	for range 9 {
		newReno{}.acknowledged(s, 1000, 10000)
	}
	if s.cwnd != 10000 {
		t.Fatalf("%d before a round trip", s.cwnd)
	}
	newReno{}.acknowledged(s, 1000, 10000)
	if s.cwnd != 11000 {
		t.Fatal(s.cwnd)
	}
}

func TestAWindowThatIsNotUsedDoesNotGrow(t *testing.T) { // RFC 7661 says why
	s := &Socket{mss: 1000, cwnd: 10000, ssthresh: maxCwnd}
	newReno{}.acknowledged(s, 1000, 1000)
	if s.cwnd != 10000 {
		t.Fatal(s.cwnd)
	}
}

func TestSlowStartEndsAtItsThreshold(t *testing.T) {
	s := &Socket{mss: 1000, cwnd: 10000, ssthresh: 12000}
	newReno{}.acknowledged(s, 10000, 10000)
	if s.cwnd != 12000 || s.acked != 8000 {
		t.Fatal(s.cwnd, s.acked)
	}
}

func TestInventedDuplicatesDoNotBlowUpTheWindow(t *testing.T) {
	s := &Socket{mss: 1000, sndUna: 0, sndMax: 10000, sndNxt: 10000}
	newReno{}.enterRecovery(s)
	for range 1000 {
		newReno{}.duplicate(s)
	}
	if s.cwnd > 5000+10000+1000 {
		t.Fatal(s.cwnd)
	}
}

func TestThresholdIsHalfOfWhatWasOutOnceForASegment(t *testing.T) { // RFC 5681 §3.1, equation 4
	s := &Socket{mss: 1000, cwnd: 20000, sndUna: 0, sndMax: 20000}
	newReno{}.timeout(s, false)
	if s.ssthresh != 10000 || s.cwnd != 1000 {
		t.Fatal(s.ssthresh, s.cwnd)
	}
	s.sndMax = 4000
	newReno{}.timeout(s, true)
	if s.ssthresh != 10000 {
		t.Fatal("halved again for the same segment")
	}
	newReno{}.timeout(s, false)
	if s.ssthresh != 2000 {
		t.Fatal("less than two segments")
	}
}

func TestPartialACKDeflates(t *testing.T) { // RFC 6582 §3.2 step 3
	s := &Socket{mss: 1000, cwnd: 8000}
	newReno{}.partial(s, 3000)
	if s.cwnd != 6000 {
		t.Fatal(s.cwnd)
	}
	newReno{}.partial(s, 50000)
	if s.cwnd != 1000 {
		t.Fatal(s.cwnd)
	}
}
