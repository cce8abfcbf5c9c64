package set

import (
	"time"

	"smoltls/iface"
)

// DefaultFrames is how many frames a Poll takes in, and how many it sends, before it returns to the loop that called
// it. What they carry, some 360 KiB, still lies in the processor's cache when the application reads it, or when it
// writes what takes its place; and the loop's next now is never far from the last.
const DefaultFrames = 256

// DefaultHandshakeSteps is how many steps of TLS handshakes a Poll makes. Each may cost a signature or a key agreement,
// some 100 µs: when a thousand clients come at once, those who are connected are still served every few milliseconds,
// and the device is emptied before its queue overflows.
const DefaultHandshakeSteps = 16

// frameBatch is how many frames are taken in before the sockets are advanced and their answers sent. Large enough that
// one acknowledgement answers many segments, small enough that a batch stays in the cache.
const frameBatch = 64

// Budget bounds the work of one poll, so that a flood can't hold the loop. A zero field is its default.
type Budget struct {
	Frames         int // frames in, and frames out; default [DefaultFrames]
	HandshakeSteps int // flights of TLS handshakes that are taken in and answered; default [DefaultHandshakeSteps]
}

// Poll moves everything forward: frames in, every socket with news advanced, frames out, until nothing is left to do or
// the default [Budget] is used up. tcps and tlss may be nil. now must not run backwards. The error is the device's: it
// no longer takes or gives frames; sockets keep their state.
func Poll(now time.Time, ifc *iface.Interface, tcps *TCPSocketSet, tlss *TLSSocketSet) error {
	_, err := PollBudget(now, ifc, tcps, tlss, Budget{})
	return err
}

// PollBudget is Poll within a budget of the caller's. more reports that the budget ended the poll and work is left.
func PollBudget(now time.Time, ifc *iface.Interface, tcps *TCPSocketSet, tlss *TLSSocketSet, b Budget) (more bool, err error) {
	b = b.withDefaults()
	in, out, steps := b.Frames, b.Frames, b.HandshakeSteps
	for in > 0 && out > 0 {
		n, err := ifc.Ingress(now, min(in, frameBatch))
		steps -= tlss.advance(now, steps) // what came before an error counts
		if err != nil {
			return false, err
		}
		m, err := ifc.Egress(now, out)
		if err != nil {
			return false, err
		}
		idle := n == 0 && m == 0 && !tlss.hasNews()
		if left := tlss.pending(); idle && (!left || steps == 0) {
			return left, nil
		}
		in, out = in-n, out-m
	}
	return true, nil
}

func (b Budget) withDefaults() Budget {
	if b.Frames <= 0 {
		b.Frames = DefaultFrames
	}
	if b.HandshakeSteps <= 0 {
		b.HandshakeSteps = DefaultHandshakeSteps
	}
	return b
}

// PollAt gives the time of the next Poll that has something to do though no frame arrives: not after now when there is
// work already, zero when there is none at all. It is what [phy.Device.Wait] takes.
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
