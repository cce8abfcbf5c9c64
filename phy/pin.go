package phy

import "fmt"

// Pin ties the goroutine that calls it to its thread, and that thread to processor cpu, counted from 0, until the same
// goroutine calls unpin. A main loop that stays where it is keeps its caches, and [SteerHost] can name a processor that
// is another one for certain: with both, packets to the kernel are made on one processor and taken in on the other.
// Other goroutines run where they like.
//
// It runs on Linux, and needs no privilege; elsewhere the error wraps errors.ErrUnsupported. A processor that this
// process may not use is an error, too.
func Pin(cpu int) (unpin func(), err error) {
	if unpin, err = pin(cpu); err != nil {
		return nil, fmt.Errorf("phy: pin to processor %d: %w", cpu, err)
	}
	return unpin, nil
}
