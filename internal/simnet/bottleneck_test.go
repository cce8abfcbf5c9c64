package simnet

import (
	"math"
	"testing"
	"time"

	"smoltls/tcp"
)

func TestABottleneckIsFilledAndCounted(t *testing.T) {
	b := Bottleneck{Rate: 10_000_000, Delay: 2 * time.Millisecond, Queue: 1, Ramp: time.Second, Length: 5 * time.Second}
	m, err := b.Measure(1)
	if err != nil {
		t.Fatal(err)
	}
	if m.Total() < 0.95 || m.Total() > 1.01 || len(m.Shares) != 1 || m.Fairness() != 1 {
		t.Errorf("%+v", m)
	}
	if frames := 6 * b.Rate / 8 / fullFrame; int64(m.Path.Delivered) > frames || int64(m.Path.Delivered) < frames*9/10 {
		t.Errorf("%d frames in 6 s, the link carries %d", m.Path.Delivered, frames)
	}
}

func TestABottleneckIsSharedByItsFlows(t *testing.T) {
	b := Bottleneck{Rate: 10_000_000, Delay: 2 * time.Millisecond, Queue: 1, Ramp: 5 * time.Second, Length: 10 * time.Second, Flows: 3, Stagger: time.Second}
	m, err := b.Measure(1)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Shares) != 3 || m.Total() < 0.9 || m.Total() > 1.01 {
		t.Errorf("%+v", m)
	}
}

func TestABottleneckThatLosesEverythingIsAnError(t *testing.T) {
	b := Bottleneck{Rate: 10_000_000, Queue: 1, Loss: 1, Ramp: time.Minute, Length: time.Minute, TCP: &tcp.Config{ConnectTimeout: time.Second}}
	if _, err := b.Measure(1); err == nil {
		t.Error("none")
	}
}

func TestTheQueueFollowsFromTheProductOfBandwidthAndDelay(t *testing.T) {
	for _, c := range []struct {
		delay time.Duration
		queue float64
		want  int
	}{{50 * time.Millisecond, 1, 1_250_000}, {50 * time.Millisecond, 0.25, 312_500}, {0, 1, leastQueue}, {0, 0.25, 16 * fullFrame}} {
		if got := (Bottleneck{Rate: 100_000_000, Delay: c.delay, Queue: c.queue}).QueueBytes(); got != c.want {
			t.Errorf("%v, %v: %d, want %d", c.delay, c.queue, got, c.want)
		}
	}
}

func TestJainsIndex(t *testing.T) {
	for _, c := range []struct {
		shares []float64
		want   float64
	}{{[]float64{1, 1, 1, 1}, 1}, {[]float64{1, 0, 0, 0}, 0.25}, {[]float64{2, 1}, 0.9}} {
		if got := (Measured{Shares: c.shares}).Fairness(); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: %v, want %v", c.shares, got, c.want)
		}
	}
}

func TestNoRecoveryIsTakenBackOnAPathThatKeepsItsOrder(t *testing.T) {
	b := Bottleneck{Rate: 100_000_000, Delay: 50 * time.Millisecond, Queue: 1, Loss: 0.03, Length: 20 * time.Second}
	for seed := range uint64(5) {
		m, err := b.Measure(seed)
		if err != nil {
			t.Fatal(err)
		}
		if m.Sender.FastRetransmits < 10 || m.Sender.SpuriousRecoveries > 0 {
			t.Errorf("seed %d: of %d recoveries %d were taken back", seed, m.Sender.FastRetransmits, m.Sender.SpuriousRecoveries)
		}
	}
}

// A slow start that overshoots loses every other segment of a window: the receiver must remember as many gaps, or what
// lies behind them is sent in vain.
func TestNoMoreIsSentAgainThanWasLost(t *testing.T) {
	for _, loss := range []float64{0, 0.001, 0.01, 0.03} {
		m, err := Bottleneck{Rate: 100_000_000, Delay: 150 * time.Millisecond, Queue: 0.25, Loss: loss, Length: 20 * time.Second}.Measure(1)
		if err != nil {
			t.Fatal(err)
		}
		lost := m.Path.Lost + m.Path.Overflowed
		if again := int(m.Sender.Retransmits); again > lost+lost/20+2 {
			t.Errorf("%v: %d sent again, %d lost", loss, again, lost)
		}
	}
}
