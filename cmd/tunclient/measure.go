package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// measure sends total bytes, counts what comes back until the server ends, and says on standard output how fast that
// was.
type measure struct {
	total, sent, received int64
	start                 time.Time
	end                   time.Time
	progress              *cli.Progress
	stdout                io.Writer
	chunk                 []byte
	closed                bool
}

func newMeasure(n int64, env *cli.Env) *measure {
	return &measure{total: n, stdout: env.Stdout, chunk: make([]byte, 64<<10), progress: cli.NewProgress(env.Stderr, nil, n, "sending")}
}

func (m *measure) step(s *tlssock.Socket) (over bool, err error) {
	if m.start.IsZero() {
		m.start = time.Now()
	}
	for m.sent < m.total {
		n, err := s.TryWrite(m.chunk[:min(int64(len(m.chunk)), m.total-m.sent)])
		m.sent += int64(n)
		m.progress.Add(n)
		if errors.Is(err, tlssock.ErrWouldBlock) {
			break
		}
		if err != nil {
			return true, nil
		}
	}
	if m.sent == m.total && !m.closed {
		m.closed = true
		if err := s.CloseWrite(); err != nil {
			return true, nil
		}
	}
	for {
		p, err := s.Peek()
		if errors.Is(err, tlssock.ErrWouldBlock) {
			return false, nil
		}
		if err != nil {
			m.end = time.Now()
			return true, nil
		}
		m.received += int64(len(p))
		s.Discard(len(p))
	}
}

func (m *measure) finish(err error) error {
	m.progress.Finish()
	if err == cli.ErrInterrupted {
		return fmt.Errorf("interrupted: %d of %d bytes were sent, %d received", m.sent, m.total, m.received)
	}
	if err != nil {
		return err
	}
	d := m.end.Sub(m.start)
	_, err = fmt.Fprintf(m.stdout, "sent %d bytes (%.1f MB/s), received %d (%.1f MB/s) in %v\n", m.sent, cli.Rate(m.sent, d),
		m.received, cli.Rate(m.received, d), d.Round(time.Microsecond))
	return err
}
