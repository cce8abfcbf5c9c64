package phy

import (
	"errors"
	"fmt"
	"time"
)

// ErrNotWaker is returned by WaitAny for a device whose Wait nobody could end.
var ErrNotWaker = errors.New("phy: device is no Waker")

// WaitAny sleeps until one of several devices of a program has something to do, as its Wait would, or until has passed;
// a zero until waits without limit. The devices belong to the caller, who calls none of their methods meanwhile, but
// Wake. It takes a goroutine for each device but one, which has ended when it returns; with one device it is that
// device's Wait. The error is that of a device; ErrNeverWakes when all of them say so; ErrNotWaker when one of several
// is no Waker.
func WaitAny(until time.Time, devs ...Device) error {
	switch len(devs) {
	case 0:
		return ErrNeverWakes
	case 1:
		return devs[0].Wait(until)
	}
	for _, dev := range devs {
		if _, ok := dev.(Waker); !ok {
			return fmt.Errorf("%w: %T", ErrNotWaker, dev)
		}
	}
	type result struct {
		dev int
		err error
	}
	results := make(chan result, len(devs))
	for k, dev := range devs {
		go func() { results <- result{k, dev.Wait(until)} }()
	}
	waiting := make([]bool, len(devs))
	for k := range waiting {
		waiting[k] = true
	}
	first, woken := error(ErrNeverWakes), false
	for range devs {
		r := <-results
		waiting[r.dev] = false
		if errors.Is(r.err, ErrNeverWakes) || woken {
			continue // one that could never wake does not end the others' sleep
		}
		first, woken = r.err, true
		for k, w := range waiting {
			if w {
				wake(devs[k])
			}
		}
	}
	return first
}
