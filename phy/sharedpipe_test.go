package phy

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"
)

func TestSharedPipeCarriesEveryFrameBetweenTwoGoroutines(t *testing.T) {
	const frames = 20000
	a, b := NewSharedPipe(PipeConfig{Queue: 8})
	sent := make(chan error, 1)
	go func() {
		sent <- func() error {
			for i := range frames {
				buf := a.Buffer(60)
				for buf == nil {
					if err := a.Wait(time.Time{}); err != nil {
						return err
					}
					buf = a.Buffer(60)
				}
				binary.BigEndian.PutUint32(buf, uint32(i))
				if err := a.Send(t0, 60); err != nil {
					return err
				}
			}
			return a.Close()
		}()
	}()
	var next uint32
	for {
		f, err := b.Receive(t0)
		if errors.Is(err, ErrClosed) {
			break
		}
		if f == nil {
			if err := b.Wait(time.Time{}); err != nil && !errors.Is(err, ErrClosed) {
				t.Fatal(err)
			}
			continue
		}
		if got := binary.BigEndian.Uint32(f); got != next {
			t.Fatalf("frame %d where %d was due", got, next)
		}
		next++
	}
	if err := <-sent; err != nil || next != frames {
		t.Fatalf("%d of %d frames, sender: %v", next, frames, err)
	}
}

func TestSharedPipeWaitEndsWhenTheOtherEndCloses(t *testing.T) {
	a, b := NewSharedPipe(PipeConfig{})
	done := make(chan error)
	go func() {
		for {
			if err := a.Wait(time.Time{}); err != nil {
				done <- err
				return
			}
		}
	}()
	b.Close()
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	if _, err := a.Receive(t0); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
}

func TestSharedPipeWaitEndsForWakeFrameAndDeadline(t *testing.T) {
	a, b := NewSharedPipe(PipeConfig{})
	go a.Wake()
	if err := a.Wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Millisecond)
	for time.Now().Before(until) {
		if err := a.Wait(until); err != nil {
			t.Fatal(err)
		}
	}
	put(t, b, t0, "x")
	if err := a.Wait(time.Time{}); err != nil || a.PollAt() != Immediate {
		t.Fatal(err, a.PollAt())
	}
	if got := take(t, a, t0); len(got) != 1 || got[0] != "x" || !a.PollAt().IsZero() {
		t.Fatal(got)
	}
}

func TestSharedPipeAllocatesNothingInSteadyState(t *testing.T) {
	a, b := NewSharedPipe(PipeConfig{})
	if n := testing.AllocsPerRun(1000, func() {
		exchange(a, b, 1514)
		a.Wake()
		a.Wait(time.Now().Add(time.Minute))
		a.Wait(time.Now().Add(time.Microsecond))
	}); n != 0 {
		t.Fatalf("%v allocations per frame", n)
	}
}

func BenchmarkSharedPipe(b *testing.B) {
	var x, y Device = NewSharedPipe(PipeConfig{})
	for b.Loop() {
		exchange(x, y, 1514)
	}
}
