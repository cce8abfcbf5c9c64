package simnet

import (
	"fmt"
	"strings"
	"time"
)

// Step is one thing that an endpoint does. Its parts happen in this order, reading and writing at the same time.
type Step struct {
	Pause      time.Duration // nothing at all
	Write      int64         // bytes
	Read       int64         // bytes, or ToEOF
	CloseWrite bool          // as soon as Write is written
	Abort      bool          // at the step's end: reset the connection, which ends the script
}

// ToEOF in Step.Read reads until the peer's end of data.
const ToEOF = -1

// String tells the step in a few words.
func (s Step) String() string {
	var b strings.Builder
	if s.Pause > 0 {
		fmt.Fprintf(&b, "pause %v ", s.Pause)
	}
	if s.Write > 0 || s.CloseWrite {
		fmt.Fprintf(&b, "write %d ", s.Write)
	}
	if s.CloseWrite {
		b.WriteString("and no more ")
	}
	switch {
	case s.Read == ToEOF:
		b.WriteString("read to the end ")
	case s.Read > 0:
		fmt.Fprintf(&b, "read %d ", s.Read)
	}
	if s.Abort {
		b.WriteString("abort ")
	}
	return strings.TrimSpace(b.String())
}

// Script is what an endpoint does from the moment that its connection is begun, or accepted. After the last step it
// closes the connection. A socket that is closed while data from the peer has not been read, or still comes, resets the
// connection: a script that shall end in good order reads as much as its peer writes.
type Script []Step

// Repeat gives n times the steps.
func Repeat(n int, steps ...Step) (s Script) {
	for range n {
		s = append(s, steps...)
	}
	return s
}

// Exchange is the plain use of a connection: write n bytes and the end of data, and read all that comes meanwhile.
func Exchange(n int64) Script { return Script{{Write: n, Read: ToEOF, CloseWrite: true}} }

// Total is how many bytes a script writes.
func (s Script) Total() (n int64) {
	for _, step := range s {
		n += step.Write
	}
	return n
}
