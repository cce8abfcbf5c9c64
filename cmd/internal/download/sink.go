package download

import (
	"fmt"
	"io"
)

// A Sink is where the bytes go.
type Sink interface {
	// Kept gives how many bytes are there, and of what.
	Kept() (Representation, int64)
	// Start makes it ready for rep from its first byte on: what is there is dropped.
	Start(rep Representation) error
	// Write adds bytes at the end.
	io.Writer
	// Complete says that all of it is there.
	Complete() error
	// Close gives it up; what is there stays.
	Close() error
}

// Stream is a Sink that takes nothing back: standard output, a pipe.
type Stream struct {
	w   io.Writer
	rep Representation
	n   int64
}

// NewStream makes a Stream of w, which stays the caller's.
func NewStream(w io.Writer) *Stream { return &Stream{w: w} }

// Kept implements [Sink].
func (s *Stream) Kept() (Representation, int64) { return s.rep, s.n }

// Start implements [Sink]. It fails with [ErrNoResume] when something was written already.
func (s *Stream) Start(rep Representation) error {
	if s.n > 0 {
		return fmt.Errorf("%w, and the %d bytes that were written can't be taken back", ErrNoResume, s.n)
	}
	s.rep = rep
	return nil
}

// Write implements [Sink].
func (s *Stream) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	return n, err
}

// Complete implements [Sink].
func (s *Stream) Complete() error { return nil }

// Close implements [Sink].
func (s *Stream) Close() error { return nil }
