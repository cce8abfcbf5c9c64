package main

import (
	"errors"
	"io"

	"smoltls/tlssock"
)

// terminal sends what comes on standard input and writes what comes back to standard output. The end of the input half-closes; the
// connection is over when the server has closed its half too.
type terminal struct {
	in     <-chan []byte // closed at the input's end
	out    io.Writer
	unsent []byte
	closed bool // our half
}

// newTerminal starts the reader: standard input blocks, so it has a goroutine of its own, which calls wake when there is input.
func newTerminal(stdin io.Reader, stdout io.Writer, wake func()) *terminal {
	in := make(chan []byte, 4)
	go func() {
		defer wake()
		defer close(in)
		for {
			b := make([]byte, 16<<10)
			n, err := stdin.Read(b)
			if n > 0 {
				in <- b[:n]
				wake()
			}
			if err != nil {
				return
			}
		}
	}()
	return &terminal{in: in, out: stdout}
}

func (t *terminal) step(s *tlssock.Socket) (over bool, err error) {
	if err := t.send(s); err != nil {
		return true, nil // the socket's error is asked for by the caller
	}
	for {
		p, err := s.Peek()
		switch {
		case err == io.EOF:
			return true, nil
		case errors.Is(err, tlssock.ErrWouldBlock):
			return false, nil
		case err != nil:
			return true, nil
		}
		if _, err := t.out.Write(p); err != nil {
			return true, err
		}
		s.Discard(len(p))
	}
}

func (t *terminal) send(s *tlssock.Socket) error {
	for !t.closed {
		if len(t.unsent) == 0 {
			select {
			case b, more := <-t.in:
				if !more {
					t.closed = true
					return s.CloseWrite()
				}
				t.unsent = b
			default:
				return nil
			}
		}
		n, err := s.TryWrite(t.unsent)
		t.unsent = t.unsent[n:]
		if errors.Is(err, tlssock.ErrWouldBlock) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *terminal) finish(err error) error { return err }
