package phy

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
	"time"
)

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// put sends a frame that must be taken.
func put(t *testing.T, d Device, now time.Time, frame string) {
	t.Helper()
	b := d.Buffer(len(frame))
	if b == nil {
		t.Fatalf("no buffer for %q", frame)
	}
	copy(b, frame)
	if err := d.Send(now, len(frame)); err != nil {
		t.Fatalf("Send(%q): %v", frame, err)
	}
}

// closeTwice closes what may be closed again.
func closeTwice(t *testing.T, c io.Closer) {
	t.Helper()
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error("closing:", err)
		}
	}
}

// take receives everything that can be received at now.
func take(t *testing.T, d Device, now time.Time) []string {
	t.Helper()
	var got []string
	for {
		f, err := d.Receive(now)
		if err != nil {
			t.Fatalf("Receive: %v", err)
		}
		if f == nil {
			return got
		}
		got = append(got, string(f))
	}
}

func TestPipeCarriesFramesBothWaysInOrder(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	put(t, a, t0, "one")
	put(t, b, t0, "back")
	put(t, a, t0, "two")
	if got := take(t, b, t0); len(got) != 2 || got[0] != "one" || got[1] != "two" {
		t.Fatalf("got %q", got)
	}
	if got := take(t, a, t0); len(got) != 1 || got[0] != "back" {
		t.Fatalf("got %q", got)
	}
}

func TestPipeFrameIsBuiltWhereItIsReadAndLastsUntilTheNextReceive(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	buf := a.Buffer(100)
	copy(buf, "first")
	if err := a.Send(t0, 5); err != nil {
		t.Fatal(err)
	}
	f, _ := b.Receive(t0)
	if &f[0] != &buf[0] {
		t.Fatal("the frame was copied")
	}
	for range 3 {
		put(t, a, t0, "later")
	}
	if !bytes.Equal(f, []byte("first")) {
		t.Fatalf("the held frame became %q", f)
	}
}

func TestPipeRefusesWhenFullAndTakesAgainAfterAReceive(t *testing.T) {
	a, b := NewPipe(PipeConfig{Queue: 3})
	for range 3 {
		put(t, a, t0, "x")
	}
	if a.Buffer(1) != nil {
		t.Fatal("a fourth frame was taken")
	}
	if f, err := b.Receive(t0); f == nil || err != nil {
		t.Fatal(f, err)
	}
	put(t, a, t0, "y")
	if got := take(t, b, t0); len(got) != 3 || got[2] != "y" {
		t.Fatalf("got %q", got)
	}
}

func TestPipeMemoryGrowsToWhatIsUsedOnly(t *testing.T) {
	a, b := NewPipe(PipeConfig{Queue: 64})
	for range 1000 {
		put(t, a, t0, "x")
		take(t, b, t0)
	}
	if n := len(a.out.slots); n > 2 {
		t.Fatalf("%d slots for one frame at a time", n)
	}
	for range 1000 {
		for a.Buffer(1) != nil {
			put(t, a, t0, "x")
		}
		take(t, b, t0)
	}
	if n := len(a.out.slots); n > 64+2 {
		t.Fatalf("%d slots for a queue of 64", n)
	}
}

func TestPipeBufferBounds(t *testing.T) {
	for _, m := range []Medium{MediumEthernet, MediumIP} {
		a, _ := NewPipe(PipeConfig{Medium: m, MTU: 1280})
		most := 1280 + m.HeaderLen()
		for n, ok := range map[int]bool{-1: false, 0: false, 1: true, most: true, most + 1: false, math.MaxInt: false} {
			if got := a.Buffer(n); (got != nil) != ok || ok && len(got) != n {
				t.Errorf("%v: Buffer(%d) gave %d bytes", m, n, len(got))
			}
		}
	}
}

func TestPipeSendErrors(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	if err := a.Send(t0, 1); !errors.Is(err, ErrNoBuffer) {
		t.Fatalf("without a buffer: %v", err)
	}
	for _, n := range []int{-1, 0, 11, math.MaxInt} {
		a.Buffer(10)
		if err := a.Send(t0, n); !errors.Is(err, ErrFrameLength) {
			t.Fatalf("length %d: %v", n, err)
		}
	}
	if got := take(t, b, t0); got != nil {
		t.Fatalf("got %q", got)
	}
	if len(a.out.slots) != 1 {
		t.Fatalf("%d slots: a refused Send lost its slot", len(a.out.slots))
	}
}

func TestPipeConfigIsBroughtIntoRange(t *testing.T) {
	for in, want := range map[PipeConfig]PipeConfig{
		{}:                            {MediumEthernet, 1500, DefaultPipeQueue, 0},
		{99, -1, -1, 0}:               {MediumEthernet, MinMTU, 1, 0},
		{MediumIP, 1 << 20, 1e9, 0}:   {MediumIP, MaxMTU, MaxPipeQueue, 0},
		{MediumEthernet, 9000, 17, 0}: {MediumEthernet, 9000, 17, 0},
	} {
		if got := in.withDefaults(); got != want {
			t.Errorf("%+v became %+v, want %+v", in, got, want)
		}
	}
}

func TestPipeCloseLetsThePeerDrainAndThenTellsIt(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	put(t, a, t0, "last words")
	put(t, b, t0, "unread")
	a.Buffer(5)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err := a.Receive(t0); f != nil || !errors.Is(err, ErrClosed) {
		t.Fatalf("closed end received %q, %v", f, err)
	}
	if err := a.Send(t0, 5); !errors.Is(err, ErrClosed) {
		t.Fatalf("closed end sent: %v", err)
	}
	if f, err := b.Receive(t0); string(f) != "last words" || err != nil {
		t.Fatalf("%q, %v", f, err)
	}
	if _, err := b.Receive(t0); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	if b.Buffer(1) != nil {
		t.Fatal("a buffer towards a closed end")
	}
	if err := b.Wait(time.Time{}); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	closeTwice(t, a)
	closeTwice(t, b)
}

func TestPipeWaitEndsForAFrameAtEitherEnd(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	if err := a.Wait(time.Time{}); !errors.Is(err, ErrNeverWakes) {
		t.Fatal(err)
	}
	put(t, a, t0, "x")
	for _, e := range []*PipeEnd{a, b} {
		if err := e.Wait(time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if !a.PollAt().IsZero() || b.PollAt() != Immediate || b.PollAt().After(time.Time{}.Add(1)) {
		t.Fatal(a.PollAt(), b.PollAt())
	}
	take(t, b, t0)
	if !b.PollAt().IsZero() {
		t.Fatal(b.PollAt())
	}
}

func TestPipeWaitSleepsUntilTheDeadlineOrWake(t *testing.T) {
	a, _ := NewPipe(PipeConfig{})
	until := time.Now().Add(2 * time.Millisecond)
	if err := a.Wait(until); err != nil || time.Now().Before(until) {
		t.Fatal("woke early", err)
	}
	a.Wake()
	if err := a.Wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
	a.Wake()
	if err := a.Wait(time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
}

func TestPipeAllocatesNothingInSteadyState(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	if n := testing.AllocsPerRun(1000, func() { exchange(a, b, 1514) }); n != 0 {
		t.Fatalf("%v allocations per frame", n)
	}
}

func exchange(from, to Device, n int) int {
	buf := from.Buffer(n)
	buf[0]++
	from.Send(t0, n)
	f, _ := to.Receive(t0)
	return len(f)
}

func BenchmarkPipe(b *testing.B) {
	var x, y Device = NewPipe(PipeConfig{})
	for b.Loop() {
		if exchange(x, y, 1514) != 1514 {
			b.Fatal("lost a frame")
		}
	}
}

func BenchmarkPipeBursts(b *testing.B) {
	var x, y Device = NewPipe(PipeConfig{})
	b.ReportMetric(0, "ns/op")
	frames := 0
	for b.Loop() {
		for buf := x.Buffer(1514); buf != nil; buf = x.Buffer(1514) {
			x.Send(t0, 1514)
			frames++
		}
		for f, _ := y.Receive(t0); f != nil; f, _ = y.Receive(t0) {
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(frames), "ns/frame")
}
