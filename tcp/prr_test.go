package tcp

import "testing"

func TestTheWindowComesDownInStepWithWhatArrives(t *testing.T) { // RFC 6937 §4, the first example: 20 segments, of which the first is lost
	var p prr
	p.begin(20_000)
	pipe := 16_000 // three were reported when the loss was found; the retransmission is to come
	sent := 0
	for ack := range 16 {
		pipe -= 1000
		cwnd := p.window(1000, pipe, 10_000, 1000, false)
		burst := 0
		for ; uint32(pipe+1000) <= cwnd; burst++ {
			pipe += 1000
			p.out += 1000
		}
		if sent += burst; burst > 1 {
			t.Fatalf("ACK %d: %d segments at once", ack, burst)
		}
		if pipe > 10_000 && sent > ack/2+1 {
			t.Fatalf("ACK %d: %d segments, for each two that arrive there should be one", ack, sent)
		}
	}
	if pipe != 10_000 {
		t.Fatal("pipe at the end", pipe)
	}
}

func TestARetransmissionIsAlwaysPossibleAtTheBeginning(t *testing.T) {
	var p prr
	p.begin(100_000)
	if cwnd := p.window(100, 99_000, 50_000, 1000, false); cwnd != 100_000 {
		t.Fatal(cwnd)
	}
	p.out = 1000
	if cwnd := p.window(100, 99_000, 50_000, 1000, false); cwnd != 99_000 {
		t.Fatal("another one at once", cwnd)
	}
}

func TestBelowTheThresholdItGrowsNoFasterThanSlowStart(t *testing.T) { // RFC 6937 §3: PRR-SSRB
	var p prr
	p.begin(20_000)
	p.out = 1000
	if cwnd := p.window(1000, 5000, 10_000, 1000, false); cwnd != 6000 {
		t.Fatal("conservative: what arrived, and no more", cwnd)
	}
	if cwnd := p.window(1000, 5000, 10_000, 1000, true); cwnd != 7000 {
		t.Fatal("slow start: one segment more", cwnd)
	}
	if cwnd := p.window(50_000, 5000, 10_000, 1000, true); cwnd != 10_000 {
		t.Fatal("never beyond ssthresh", cwnd)
	}
}
