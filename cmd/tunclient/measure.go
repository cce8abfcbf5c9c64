package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// measure sends n bytes, counts what comes back, and says how long that took.
type measure struct {
	total, sent, received int64
	start                 time.Time
	end                   time.Time
	bar                   *cli.Progress
	stderr                io.Writer
	chunk                 []byte
	closed                bool
}

func newMeasure(n int64, stderr io.Writer) *measure {
	return &measure{total: n, stderr: stderr, chunk: make([]byte, 64<<10), bar: cli.NewProgress(stderr, n, "sending")}
}

func (m *measure) step(s *tlssock.Socket) (over bool, err error) {
	if m.start.IsZero() {
		m.start = time.Now()
	}
	for m.sent < m.total {
		n, err := s.TryWrite(m.chunk[:min(int64(len(m.chunk)), m.total-m.sent)])
		m.sent += int64(n)
		m.bar.Add(n)
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
	m.bar.Finish()
	if err != nil {
		return err
	}
	if m.end.IsZero() {
		return errors.New("interrupted")
	}
	d := m.end.Sub(m.start)
	fmt.Fprintf(m.stderr, "sent %d bytes, received %d in %v: %.1f MB/s, %.1f MB/s\n", m.sent, m.received, d.Round(time.Millisecond),
		rate(m.sent, d), rate(m.received, d))
	return nil
}

// rate is in 10^6 bytes a second.
func rate(n int64, d time.Duration) float64 { return float64(n) / 1e6 / d.Seconds() }
