package ours

import (
	"bytes"
	"testing"

	"smoltls/bench/internal/measure"
	"smoltls/tcp"
)

// smoke runs a contender with hardly any work and requires positive readings of the first n figures.
func smoke(t *testing.T, c measure.Contender, n int) *measure.Readings {
	t.Helper()
	r := measure.NewReadings(2 * len(measure.Smoke.Idle))
	if err := c(measure.Smoke, r); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if len(r.Of(i)) == 0 || r.Of(i)[0] <= 0 {
			t.Errorf("figure %d: %v", i, r.Of(i))
		}
	}
	return r
}

func TestBulk(t *testing.T) {
	smoke(t, BulkTCP(16<<10), 1)
	smoke(t, BulkTLS(16<<10), 1)
	smoke(t, BulkTLS(1400), 1)
}

// narrow is a stream that takes and gives a few bytes at a time.
type narrow struct {
	stream
	buf  bytes.Buffer
	room int
}

func (n *narrow) TryWrite(p []byte) (int, error) {
	m := min(len(p), n.room)
	n.room -= m
	n.buf.Write(p[:m])
	if m < len(p) {
		return m, tcp.ErrWouldBlock
	}
	return m, nil
}

func (n *narrow) TryRead(p []byte) (int, error) {
	if n.buf.Len() == 0 {
		return 0, tcp.ErrWouldBlock
	}
	return n.buf.Read(p[:min(len(p), 3)])
}

func TestASourceGoesOnWhereTheSocketWasFull(t *testing.T) {
	s := &source{chunk: []byte("0123456789"), left: 25}
	n := &narrow{}
	for range 10 {
		n.room = 4
		if err := s.write(n); err != nil {
			t.Fatal(err)
		}
	}
	if got := n.buf.String(); got != "0123456789012345678901234" {
		t.Errorf("wrote %q", got)
	}
	d := &drain{buf: make([]byte, 8)}
	if err := d.read(n); err != nil || d.got != 25 {
		t.Errorf("read %d bytes, %v", d.got, err)
	}
}
