package main

import (
	"errors"
	"fmt"
	"io"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// terminal sends what comes on standard input and writes what comes back to standard output. The end of the input
// half-closes; the connection is over when the server has closed its half too.
type terminal struct {
	in       <-chan []byte // closed at the input's end
	inErr    error         // why it ended, if not by io.EOF; good when in is closed
	unsent   []byte
	closed   bool // our half
	out      *cli.Output
	progress *cli.Progress
}

// newTerminal starts the reader: standard input blocks, so it has a goroutine of its own, which calls wake when there
// is input.
func newTerminal(env *cli.Env, wake func()) *terminal {
	in := make(chan []byte, 4)
	t := &terminal{in: in, out: cli.NewOutput(env.Stdout, wake), progress: cli.NewProgress(env.Stderr, env.Stdout, -1, "receiving")}
	go func() {
		defer wake()
		defer close(in)
		for {
			b := make([]byte, 16<<10)
			n, err := env.Stdin.Read(b)
			if n > 0 {
				in <- b[:n]
				wake()
			}
			if err != nil {
				if err != io.EOF {
					t.inErr = fmt.Errorf("standard input: %w", err)
				}
				return
			}
		}
	}()
	return t
}

func (t *terminal) step(s *tlssock.Socket) (over bool, err error) {
	if err := t.send(s); err != nil {
		return true, err
	}
	return drain(s, t.out, t.progress)
}

// drain gives out what the socket has, as far as out has room. over: the socket has ended, or failed, or out has.
func drain(s *tlssock.Socket, out *cli.Output, progress *cli.Progress) (over bool, err error) {
	for {
		p, err := s.Peek()
		if err != nil {
			return !errors.Is(err, tlssock.ErrWouldBlock), nil // a failure is the socket's: the caller asks for it
		}
		n, err := out.TryWrite(p)
		s.Discard(n)
		progress.Add(n)
		if n < len(p) || err != nil {
			return err != nil, nil // finish tells of it
		}
	}
}

// send gives the socket what it takes of the input. The error is the input's; the socket's own are seen by who reads
// from it.
func (t *terminal) send(s *tlssock.Socket) error {
	for !t.closed {
		if len(t.unsent) == 0 {
			select {
			case b, more := <-t.in:
				if !more {
					t.closed = true
					s.CloseWrite()
					return t.inErr
				}
				t.unsent = b
			default:
				return nil
			}
		}
		n, err := s.TryWrite(t.unsent)
		t.unsent = t.unsent[n:]
		if err != nil {
			return nil
		}
	}
	return nil
}

func (t *terminal) finish(err error) error {
	outErr := t.out.Close()
	t.progress.Finish()
	if outErr != nil {
		return fmt.Errorf("standard output: %w", outErr)
	}
	if err == cli.ErrInterrupted { // which is how a user ends it
		return nil
	}
	return err
}
