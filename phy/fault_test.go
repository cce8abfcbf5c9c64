package phy

import (
	"errors"
	"testing"
	"time"
)

func TestFaultWithoutImpairmentsPassesFramesOnUncopied(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	d := Fault(a, FaultConfig{Seed: 1})
	buf := d.Buffer(3)
	copy(buf, "out")
	if err := d.Send(t0, 3); err != nil {
		t.Fatal(err)
	}
	if f, _ := b.Receive(t0); string(f) != "out" || &f[0] != &buf[0] {
		t.Fatalf("%q", f)
	}
	put(t, b, t0, "in")
	if got := take(t, d, t0); len(got) != 1 || got[0] != "in" {
		t.Fatalf("%q", got)
	}
	if d.Medium() != a.Medium() || d.MTU() != a.MTU() || d.Stats() != (FaultStats{}) {
		t.Fatal(d.Stats())
	}
}

func TestFaultDelaysIncomingFramesAndPollAtTellsWhen(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	d := Fault(a, FaultConfig{In: Impairment{Delay: time.Second}})
	put(t, b, t0, "x")
	if d.PollAt() != Immediate {
		t.Fatal("a frame waits in the device under the injector", d.PollAt())
	}
	if got := take(t, d, t0); got != nil {
		t.Fatalf("%q came at once", got)
	}
	if d.PollAt() != t0.Add(time.Second) {
		t.Fatal(d.PollAt())
	}
	if got := take(t, d, t0.Add(time.Second-1)); got != nil {
		t.Fatalf("%q came too early", got)
	}
	if got := take(t, d, t0.Add(time.Second)); len(got) != 1 || !d.PollAt().IsZero() {
		t.Fatalf("%q", got)
	}
}

func TestFaultReceivedFrameLastsUntilTheNextReceive(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	d := Fault(a, FaultConfig{In: Impairment{Delay: 1}})
	put(t, b, t0, "first")
	take(t, d, t0)
	f, _ := d.Receive(t0.Add(1))
	for range 10 {
		put(t, b, t0, "later")
	}
	put(t, d, t0, "sent")
	if string(f) != "first" {
		t.Fatalf("the held frame became %q", f)
	}
}

func TestFaultMemoryIsBoundedWithoutLoss(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	limit := Impairment{Delay: time.Second, MaxFrames: 4}
	d := Fault(a, FaultConfig{In: limit, Out: limit})
	for i := range 4 {
		put(t, d, t0, string(rune('a'+i)))
		put(t, b, t0, string(rune('a'+i)))
		put(t, b, t0, string(rune('A'+i)))
	}
	if d.Buffer(1) != nil {
		t.Fatal("a fifth frame was taken")
	}
	take(t, d, t0) // reads four of the eight
	if len(d.in.held.slots) != 4 || d.PollAt() != t0.Add(time.Second) {
		t.Fatal(len(d.in.held.slots), d.PollAt())
	}
	got := take(t, d, t0.Add(time.Second))
	got = append(got, take(t, d, t0.Add(2*time.Second))...)
	if len(got) != 8 || len(d.in.held.slots) != 4 {
		t.Fatalf("%q, %d slots", got, len(d.in.held.slots))
	}
	if got := take(t, b, t0); len(got) != 4 {
		t.Fatalf("%q", got)
	}
	if d.Buffer(1) == nil {
		t.Fatal("no room after the frames left")
	}
}

func TestFaultKeepsDueFramesThatTheDeviceRefusesAndRetries(t *testing.T) {
	a, b := NewPipe(PipeConfig{Queue: 1})
	d := Fault(a, FaultConfig{Out: Impairment{Delay: 1}})
	for range 3 {
		put(t, d, t0, "x")
	}
	now := t0.Add(1)
	for i := range 3 {
		take(t, d, now)
		if got := take(t, b, now); len(got) != 1 {
			t.Fatalf("round %d: %q", i, got)
		}
		if next := d.PollAt(); i < 2 && next != now.Add(faultRetry) {
			t.Fatalf("round %d: PollAt is %v", i, next.Sub(t0))
		}
		now = now.Add(faultRetry)
	}
	take(t, d, now)
	if !d.PollAt().IsZero() {
		t.Fatal(d.PollAt())
	}
}

func TestFaultWaitEndsWhenAHeldFrameIsDue(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	c := Impairment{Delay: 2 * time.Millisecond, MaxFrames: 2}
	d := Fault(a, FaultConfig{In: c, Out: c})
	for _, from := range []Device{b, d} {
		put(t, from, time.Now(), "x")
		put(t, b, time.Now(), "fills the injector")
		now := time.Now()
		take(t, d, now)
		for d.PollAt().After(time.Now()) {
			if err := d.Wait(now.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		take(t, d, time.Now().Add(time.Second))
		take(t, b, t0)
		take(t, d, time.Now().Add(time.Second))
	}
	d.Wake()
	if err := d.Wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func TestFaultMisuseAndEnds(t *testing.T) {
	a, b := NewPipe(PipeConfig{MTU: 1280})
	d := Fault(a, FaultConfig{In: Impairment{Delay: time.Second}, Out: Impairment{Drop: 0.5}})
	if err := d.Send(t0, 1); !errors.Is(err, ErrNoBuffer) {
		t.Error(err)
	}
	for _, n := range []int{-1, 0, 6} {
		d.Buffer(5)
		if err := d.Send(t0, n); !errors.Is(err, ErrFrameLength) {
			t.Error(n, err)
		}
	}
	if d.Buffer(0) != nil || d.Buffer(1280+14+1) != nil || len(d.out.held.slots) != 1 {
		t.Error("bounds of Buffer")
	}
	put(t, b, t0, "under way")
	take(t, d, t0)
	b.Close()
	if f, err := d.Receive(t0); f != nil || err != nil {
		t.Errorf("%q, %v", f, err)
	}
	if f, err := d.Receive(t0.Add(time.Second)); string(f) != "under way" || err != nil {
		t.Errorf("%q, %v", f, err)
	}
	if _, err := d.Receive(t0.Add(time.Second)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	d.Buffer(5)
	closeTwice(t, d)
	if d.Buffer(5) != nil {
		t.Error("a buffer of a closed device")
	}
	_, err := d.Receive(t0)
	for _, err := range []error{err, d.Send(t0, 5), d.Wait(time.Time{})} {
		if !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
}

func TestFaultCountsWhatTheDeviceFailsToSend(t *testing.T) {
	d := Fault(failing{}, FaultConfig{Out: Impairment{Delay: 1}})
	put(t, d, t0, "x")
	if _, err := d.Receive(t0.Add(1)); !errors.Is(err, ErrLinkDown) {
		t.Fatal(err)
	}
	if n := d.Stats().Out.Failed; n != 1 || !d.PollAt().IsZero() {
		t.Fatal(n, d.PollAt())
	}
}

// failing takes every frame and fails to send it.
type failing struct{ Device }

func (failing) Medium() Medium                    { return MediumIP }
func (failing) MTU() int                          { return 1500 }
func (failing) Receive(time.Time) ([]byte, error) { return nil, ErrLinkDown }
func (failing) Buffer(n int) []byte               { return make([]byte, n) }
func (failing) Send(now time.Time, n int) error   { return ErrLinkDown }
func (failing) PollAt() time.Time                 { return time.Time{} }

func TestFaultAllocatesNothingInSteadyState(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	c := Impairment{Drop: 0.1, Corrupt: 0.1, Duplicate: 0.1, Reorder: 0.3, Delay: time.Millisecond, Jitter: time.Millisecond, Rate: 1e9}
	d := Fault(a, FaultConfig{Seed: 1, In: c, Out: c})
	now := t0
	step := func() {
		now = now.Add(100 * time.Microsecond)
		exchange(d, b, 1514)
		exchange(b, d, 1514)
		for f, _ := d.Receive(now); f != nil; f, _ = d.Receive(now) {
		}
		d.Send(now, len(d.Buffer(1514)))
		for f, _ := b.Receive(now); f != nil; f, _ = b.Receive(now) {
		}
	}
	for range 2000 {
		step()
	}
	if n := testing.AllocsPerRun(2000, step); n != 0 {
		t.Fatalf("%v allocations per frame", n)
	}
}

func BenchmarkFault(b *testing.B) {
	x, y := NewPipe(PipeConfig{})
	c := Impairment{Drop: 0.01, Corrupt: 0.01, Duplicate: 0.01}
	d := Fault(x, FaultConfig{In: c, Out: c})
	for b.Loop() {
		exchange(d, y, 1514)
	}
}

// What was under way when the device was closed still arrives, also at a loop that waits for it.
func TestFaultWaitsForWhatIsUnderWayWhenTheDeviceIsClosed(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	d := Fault(a, FaultConfig{In: Impairment{Delay: 20 * time.Millisecond}})
	copy(b.Buffer(4), "last")
	if err := b.Send(time.Time{}, 4); err != nil {
		t.Fatal(err)
	}
	b.Close()
	for {
		f, err := d.Receive(time.Now())
		if string(f) == "last" {
			break
		}
		if f != nil || err != nil {
			t.Fatalf("%q, %v", f, err)
		}
		if err := d.Wait(time.Time{}); err != nil {
			t.Fatal("while a frame is under way:", err)
		}
	}
	if _, err := d.Receive(time.Now()); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := d.Wait(time.Time{}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
