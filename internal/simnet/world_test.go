package simnet

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestTheClockGoesFromDeadlineToDeadline(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 1, Path{Delay: time.Hour})
	b.answers, b.think = 1, time.Minute
	transmit(a.port, w.Now(), []byte("a frame to be answered"))
	err := w.Run(24*time.Hour, func() bool { return len(a.got) == 1 })
	if err != nil || w.Elapsed() != time.Hour+time.Minute || w.Now() != Epoch.Add(61*time.Minute) {
		t.Errorf("after %v: %v", w.Elapsed(), err)
	}
	if w.Polls > 4 {
		t.Errorf("%d polls for two frames", w.Polls)
	}
}

func TestRunsOfOneSeedAgreeAndOthersDoNot(t *testing.T) {
	trace := func(seed uint64) uint64 {
		w, a, b, _ := pairOfNodes(t, seed, Path{Loss: 0.3, Jitter: time.Millisecond, Duplicate: 0.1})
		b.answers = 1000
		volley(t, w, a, b, 1000, 60, time.Millisecond)
		return w.Trace()
	}
	one, again, other := trace(1), trace(1), trace(2)
	if one != again || one == other {
		t.Error("traces: 1:", one, "1:", again, "2:", other)
	}
}

func TestStreamsOfRandomNumbersAreIndependent(t *testing.T) {
	w := New(1)
	x, y := w.Rand(), w.Rand()
	v := New(1)
	v.Rand()
	if x.Uint64() == y.Uint64() || v.Rand().Uint64() != func() uint64 { u := New(1); u.Rand(); return u.Rand().Uint64() }() {
		t.Error("streams depend on each other")
	}
}

// badNode misbehaves in the way its test says.
type badNode struct {
	pollAt func(now time.Time) time.Time
	poll   func(now time.Time) (bool, error)
}

func (n *badNode) PollAt(now time.Time) time.Time              { return n.pollAt(now) }
func (n *badNode) Poll(now time.Time) (worked bool, err error) { return n.poll(now) }
func (n *badNode) String() string                              { return "the bad node speaks" }

func TestAWorldFindsWhatNodesDoWrong(t *testing.T) {
	nothing := func(time.Time) (bool, error) { return false, nil }
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		node badNode
		want error
	}{
		{"names the past", badNode{func(now time.Time) time.Time { return now.Add(-time.Second) }, nothing}, ErrPast},
		{"busy without work", badNode{func(now time.Time) time.Time { return now }, nothing}, ErrSpin},
		{"silent", badNode{func(time.Time) time.Time { return time.Time{} }, nothing}, ErrStuck},
		{"always later", badNode{func(now time.Time) time.Time { return now.Add(time.Second) }, nothing}, ErrLate},
		{"fails", badNode{func(now time.Time) time.Time { return now }, func(time.Time) (bool, error) { return false, broken }}, broken},
	} {
		w := New(1)
		w.Add(&c.node)
		err := w.Run(time.Minute, func() bool { return false })
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), "the bad node speaks") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestANodeMayPollAgainAtOnceWhileItWorks(t *testing.T) {
	w, left := New(1), 1000
	w.Add(&badNode{
		func(now time.Time) time.Time {
			if left == 0 {
				return time.Time{}
			}
			return now
		},
		func(time.Time) (bool, error) { left--; return true, nil },
	})
	if err := w.Rest(time.Minute); err != nil || left != 0 {
		t.Errorf("%v, %d left", err, left)
	}
}

func TestRestFindsFramesThatNobodyHas(t *testing.T) {
	w := New(1)
	w.frames.get(100)
	if err := w.Rest(time.Minute); err == nil {
		t.Error("a lost frame is not found")
	}
}

func TestTimersHappenInOrder(t *testing.T) {
	w := New(1)
	var order []int
	for i, d := range []time.Duration{3, 1, -5, 2} {
		w.After(d*time.Second, func() { order = append(order, i) })
	}
	if err := w.Rest(time.Minute); err != nil || len(order) != 4 || order[0] != 2 || order[1] != 1 || order[2] != 3 || order[3] != 0 {
		t.Errorf("%v %v", order, err)
	}
}
