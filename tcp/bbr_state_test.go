package tcp

import (
	"testing"
	"time"
	"unsafe"
)

// bbrAt is BBR on a path of 1,250,000 bytes a second and 100 ms, that is of 125,000 bytes, with segments of 1,000. Its
// pipe was full once.
func bbrAt(phase bbrPhase) *bbrState {
	b := &bbrState{}
	b.init(1e9, 10_000, 10_000, 100*time.Millisecond, 0, 7)
	b.in.now, b.in.mss, b.in.sack = 1e9, 1000, true
	b.maxBW[1], b.bw, b.fullReached = 1_250_000, 1_250_000, true
	b.cwnd, b.phase = 250_000, phase
	b.setPacing(100)
	b.cycleAt, b.probeWait = b.in.now, 3*time.Second
	b.in.bw, b.in.sampled = 1_250_000, true
	return b
}

// round is a round trip of ten ACKs after d, all alike but for their time and count; in is what they tell.
func (b *bbrState) round(d time.Duration, in bbrInput) {
	prior := b.in.delivered
	acked := in.acked / 10
	now := b.in.now
	for i := range 10 {
		in.now = now.Add(d * time.Duration(i+1) / 10)
		in.delivered = prior + acked*uint32(i+1)
		in.priorDelivered = prior
		in.acked = acked
		in.rateDelivered = in.acked * 10
		in.sampled = true
		b.update(in)
	}
}

// steady is what ACKs tell while the path is just full.
func steady() bbrInput {
	return bbrInput{mss: 1000, inFlight: 125_000, acked: 125_000, sack: true, bw: 1_250_000, txInFlight: 125_000, rtt: 100 * time.Millisecond}
}

func TestBBRBeginsAtItsInitialRate(t *testing.T) { // §5.2.1, §5.6.2
	var b bbrState
	b.init(0, 10_000, 10_000, 0, 0, 0)
	if b.phase != bbrStartup || b.pacing != 27_700_000 { // 10,000 bytes in a millisecond, times 2.77
		t.Fatalf("%v %d", b.phase, b.pacing)
	}
	b.init(0, 10_000, 10_000, 100*time.Millisecond, 0, 0)
	if b.pacing != 277_000 || b.minRTT != 100*time.Millisecond || b.longterm != unlimited || b.shortterm != unlimited || b.bwShortterm != unlimitedBW {
		t.Fatalf("%+v", b)
	}
}

func TestBBRGoesOnWhereItWasBeforeAnIdleTime(t *testing.T) { // §5.4.1
	var b bbrState
	b.init(0, 50_000, 10_000, 100*time.Millisecond, 1_250_000, 0)
	if b.phase != bbrCruise || !b.fullReached || b.pacing != 1_237_500 || !b.idleRestart || b.cwnd != 50_000 {
		t.Fatalf("%+v", b)
	}
}

func TestBBRPacesJustBelowTheRate(t *testing.T) { // §5.6.2: 1 % below
	for phase, want := range map[bbrPhase]uint64{
		bbrDrain: 618_750, bbrDown: 1_113_750, bbrCruise: 1_237_500, bbrRefill: 1_237_500, bbrUp: 1_546_875, bbrProbeRTT: 1_237_500,
	} {
		b := bbrAt(phase)
		if b.setPacing(bbrGains[phase].pacing); b.pacing != want {
			t.Errorf("phase %d: %d, want %d", phase, b.pacing, want)
		}
	}
	b := bbrAt(bbrStartup)
	b.fullReached = false
	b.bw = 1000
	before := b.pacing
	if b.setPacing(277); b.pacing != before {
		t.Error("the rate falls before the pipe was full")
	}
	b.fullReached, b.bw = true, 0
	if b.setPacing(277); b.pacing != before {
		t.Error("no rate at all: that would not be paced")
	}
}

func TestBBRIsBoundByTheShortTermRate(t *testing.T) { // §5.5.10.3
	b := bbrAt(bbrCruise)
	b.bwShortterm = 700_000
	if b.boundBW(); b.bw != 700_000 {
		t.Fatal(b.bw)
	}
	b.resetShortTerm()
	if b.boundBW(); b.bw != 1_250_000 {
		t.Fatal(b.bw)
	}
}

func TestBBRStateIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(bbrState{}); n > 512 {
		t.Errorf("%d bytes", n)
	}
}
