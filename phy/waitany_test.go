package phy

import (
	"errors"
	"testing"
	"time"
)

// bareDevice is a device without Wake.
type bareDevice struct{ Device }

func TestWaitAnyEndsWhenOneOfTheDevicesHasSomethingToDo(t *testing.T) {
	near1, far1 := NewSharedPipe(PipeConfig{})
	near2, far2 := NewSharedPipe(PipeConfig{})
	for k, far := range []Device{far1, far2} {
		go func() {
			far.Buffer(20)
			far.Send(time.Now(), 20)
		}()
		if err := WaitAny(time.Time{}, near1, near2); err != nil { // without a limit: it would never end
			t.Fatal(err)
		}
		for {
			f, err := []Device{near1, near2}[k].Receive(time.Now())
			if f != nil && err == nil {
				break
			}
			if err := WaitAny(time.Time{}, near1, near2); err != nil { // it may return early
				t.Fatal(err)
			}
		}
	}
	go far1.Close()
	for range 10 {
		if err := WaitAny(time.Time{}, near1, near2); errors.Is(err, ErrClosed) {
			return
		}
	}
	t.Fatal("nobody said that a device was closed")
}

func TestWaitAnyEndsWithItsLimitAndByWake(t *testing.T) {
	a, _ := NewPipe(PipeConfig{})
	b, _ := NewPipe(PipeConfig{})
	if err := WaitAny(time.Now().Add(time.Millisecond), a, b); err != nil {
		t.Fatal(err)
	}
	if err := WaitAny(time.Time{}, a, b); !errors.Is(err, ErrNeverWakes) {
		for err == nil { // what woke one of them above
			err = WaitAny(time.Time{}, a, b)
		}
		if !errors.Is(err, ErrNeverWakes) {
			t.Fatal(err)
		}
	}
	shared, _ := NewSharedPipe(PipeConfig{})
	go shared.Wake()
	if err := WaitAny(time.Time{}, a, shared); err != nil {
		t.Fatal(err)
	}
}

func TestWaitAnyWantsDevicesThatCanBeWoken(t *testing.T) {
	a, _ := NewPipe(PipeConfig{})
	if err := WaitAny(time.Time{}, a, bareDevice{a}); !errors.Is(err, ErrNotWaker) {
		t.Fatal(err)
	}
	if err := WaitAny(time.Time{}); !errors.Is(err, ErrNeverWakes) {
		t.Fatal(err)
	}
	if err := WaitAny(time.Now(), bareDevice{a}); err != nil { // one alone needs nobody to wake it
		t.Fatal(err)
	}
}
