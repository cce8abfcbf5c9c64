package phy

import (
	"runtime"
	"time"
)

// DefaultSpin is how long a Wait that was not told otherwise looks for a frame, at most, before it sleeps: see
// TunTapOptions.Spin. It is what falling asleep and being woken costs on a virtual machine, the dear case; who looks
// for so long and finds nothing has lost as much again, never more.
const DefaultSpin = 50 * time.Microsecond

// minSpin is the shortest span that is worth looking: less than a system call or two.
const minSpin = 5 * time.Microsecond

// spinner says how long a Wait looks for frames before it sleeps. It learns from what became of those before, as the
// kernel's own polling in virtual machines does (Linux, virt/kvm/halt_poll): it looks for longer when what ended a
// sleep came so early that looking would have found it, and soon no more when it came late. So a device that is idle,
// or has a frame now and then, is never looked at.
type spinner struct {
	limit time.Duration // the longest span; 0: never look
	span  time.Duration // the next one; 0: sleep at once
}

// newSpinner takes TunTapOptions.Spin.
func newSpinner(limit time.Duration) spinner {
	switch {
	case limit == 0:
		limit = DefaultSpin
	case limit < 0:
		limit = 0
	}
	return spinner{limit: limit}
}

// next is how long to look now. On a single processor, looking would keep from its work whoever is to send.
func (s *spinner) next() time.Duration {
	if s.span == 0 || runtime.GOMAXPROCS(0) == 1 {
		return 0
	}
	return s.span
}

// slept learns from a Wait that slept in the end, and took so long in all.
func (s *spinner) slept(took time.Duration) {
	if took <= s.limit {
		s.span = min(max(2*s.span, minSpin), s.limit)
		return
	}
	if s.span /= 2; s.span < minSpin {
		s.span = 0
	}
}
