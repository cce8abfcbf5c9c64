package set

import (
	"time"

	"smoltls/iface"
)

// DefaultFrames is how many frames a Poll takes in, and how many it sends, before it returns to the loop that called it. What they carry, some 360 KiB, still
// lies in the processor's cache when the application reads it, or when it writes what takes its place; and the loop's next now is never far from the last.
const DefaultFrames = 256

// frameBatch is how many frames are taken in before the sockets are advanced and their answers sent. Large enough that one
// acknowledgement answers many segments, small enough that a batch stays in the cache.
const frameBatch = 64

// Budget bounds the work of one poll, so that a flood can't hold the loop. A zero field is its default.
type Budget struct {
	Frames int // frames in, and frames out; default [DefaultFrames]
}

// Poll moves everything forward: frames in, every socket with news advanced, frames out, until nothing is left to do or
// [DefaultFrames] frames were handled. tcps and tlss may be nil. now must not run backwards. The error is the device's: it no longer
// takes or gives frames; sockets keep their state.
func Poll(now time.Time, ifc *iface.Interface, tcps *TCPSocketSet, tlss *TLSSocketSet) error {
	_, err := PollBudget(now, ifc, tcps, tlss, Budget{})
	return err
}

// PollBudget is Poll within a budget of the caller's. more reports that the budget ended the poll and work is left.
func PollBudget(now time.Time, ifc *iface.Interface, tcps *TCPSocketSet, tlss *TLSSocketSet, b Budget) (more bool, err error) {
	in, out := b.Frames, b.Frames
	if b.Frames <= 0 {
		in, out = DefaultFrames, DefaultFrames
	}
	for in > 0 && out > 0 {
		n, err := ifc.Ingress(now, min(in, frameBatch))
		tlss.advance(now) // what came before an error counts
		if err != nil {
			return false, err
		}
		m, err := ifc.Egress(now, out)
		if err != nil {
			return false, err
		}
		if n == 0 && m == 0 && !tlss.pending() {
			return false, nil
		}
		in, out = in-n, out-m
	}
	return true, nil
}

// PollAt gives the time of the next Poll that has something to do though no frame arrives: not after now when there is work already,
// zero when there is none at all. It is what [phy.Device.Wait] takes.
//
// [phy.Device.Wait]: https://pkg.go.dev/smoltls/phy#Device
func PollAt(now time.Time, ifc *iface.Interface, tcps *TCPSocketSet, tlss *TLSSocketSet) time.Time {
	at := ifc.PollAt(now)
	if tlss.pending() {
		return now
	}
	if t := tlss.deadline(); !t.IsZero() && (at.IsZero() || t.Before(at)) {
		at = t
	}
	return at
}
