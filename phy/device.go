package phy

import (
	"errors"
	"time"
)

// Medium says what a device's frames are.
type Medium uint8

const (
	// MediumEthernet carries Ethernet II frames: destination, source, EtherType, payload, without
	// the frame check sequence.
	MediumEthernet Medium = 1 + iota
	// MediumIP carries bare IPv4 and IPv6 packets.
	MediumIP
)

// String returns "Ethernet", "IP" or "unknown medium".
func (m Medium) String() string {
	switch m {
	case MediumEthernet:
		return "Ethernet"
	case MediumIP:
		return "IP"
	}
	return "unknown medium"
}

// ethernetHeader is the length of an Ethernet II header in bytes.
const ethernetHeader = 14

// HeaderLen returns how many bytes of a frame precede its IP packet: 14 for MediumEthernet, else 0.
func (m Medium) HeaderLen() int {
	if m == MediumEthernet {
		return ethernetHeader
	}
	return 0
}

// The range of MTUs: an IPv4 host must take 68 bytes (RFC 791, section 3.2), and its length field
// ends at 65,535.
const (
	MinMTU = 68
	MaxMTU = 65535
)

// DefaultMTU is the MTU of a device that was not told another one: Ethernet's.
const DefaultMTU = 1500

// Device is where frames enter and leave. It belongs to one goroutine: none of its methods may be
// called while another one runs, unless the implementation says otherwise.
type Device interface {
	// Medium says what the frames are. It never changes.
	Medium() Medium

	// MTU is the largest IP packet in bytes, without the Ethernet header.
	MTU() int

	// Receive returns the next frame, or nil when none waits. The frame belongs to the caller, who
	// may modify it, until the next Receive. Receive never blocks. After an error that is
	// ErrClosed no frame will ever come; after any other error later frames may.
	Receive(now time.Time) (frame []byte, err error)

	// Buffer returns n bytes in which the caller builds its next frame, with any content. It
	// returns nil when the device can take no frame now, which is backpressure and not an error,
	// when the device is closed, and when n is not in 1..MTU+Medium.HeaderLen. Calling it again
	// before Send gives the space anew: what was built is lost.
	Buffer(n int) []byte

	// Send sends the first n bytes of the last Buffer, which no longer belongs to the caller.
	// Without a Buffer it returns ErrNoBuffer, and when n is not in 1..len(Buffer) ErrFrameLength.
	// It never blocks; when it returns an error, the frame is lost.
	Send(now time.Time, n int) error

	// PollAt is when a frame that is already inside the device, for instance delayed by a wrapper,
	// becomes due. The zero time: there is none that the device knows of. A frame that can be
	// received at once: a time not after any now.
	PollAt() time.Time

	// Wait sleeps until a frame can be received, until a device whose Buffer was refused can take
	// a frame again, or until has passed; a zero until waits without limit. It is the only method
	// that may block. It may return early, with nil; a device that is closed returns ErrClosed.
	Wait(until time.Time) error

	// Close releases the device; further calls answer ErrClosed or nil. Closing twice does nothing.
	Close() error
}

// Waker is implemented by every device and wrapper of this package. Wake makes the Wait that is
// running, or else the next one, return at once. Unlike the methods of Device it may be called
// from any goroutine at any time: a signal handler uses it to get the attention of a main loop.
type Waker interface {
	Wake()
}

// Immediate is what PollAt returns when a frame can be received at once: it is before every time
// a caller may give as now, and not zero.
var Immediate = time.Time{}.Add(1)

var (
	// ErrClosed is returned for a device that was closed, by us or by its other end.
	ErrClosed = errors.New("phy: device closed")
	// ErrNoBuffer is returned by Send when no Buffer was asked for before it.
	ErrNoBuffer = errors.New("phy: Send without a Buffer")
	// ErrFrameLength is returned by Send when the length is not within the last Buffer.
	ErrFrameLength = errors.New("phy: frame length outside of the buffer")
	// ErrNeverWakes is returned by a Wait that could never end: it has no limit, nothing is under
	// way, and the only goroutine that could send a frame is the one that waits.
	ErrNeverWakes = errors.New("phy: nothing could ever end this Wait")
)

// within brings v into min..max, and takes def for zero.
func within(v, def, min, max int) int {
	switch {
	case v == 0:
		return def
	case v < min:
		return min
	case v > max:
		return max
	}
	return v
}

// earlier returns the earlier of two times of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// wake wakes a device that can be woken.
func wake(dev Device) {
	if w, ok := dev.(Waker); ok {
		w.Wake()
	}
}
