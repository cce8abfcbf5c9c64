// Package load is the work of contenders that have blocking connections: gVisor's, the kernel's, and crypto/tls over
// either.
package load

import (
	"fmt"
	"io"
	"net"
	"time"

	"smoltls/bench/internal/measure"
)

// Buffer is the size of a socket's send buffer, and of its receive buffer, in bytes, with every contender whose buffers
// can be set.
const Buffer = 256 << 10

// ReadBuffer is what a reader of bulk data offers, in bytes.
const ReadBuffer = 64 << 10

// Transfer is what a bulk transfer came to.
type Transfer struct {
	Bytes   int64
	Elapsed time.Duration
	Mallocs uint64 // in the whole process, both ends
}

// Bulk moves warm and then total bytes from one connection to the other, in writes of chunk bytes on a goroutine of
// their own, and measures as [Receive] does.
func Bulk(from, to net.Conn, chunk int, warm, total int64) (Transfer, error) {
	wrote := make(chan error, 1)
	go func() { wrote <- Send(from, chunk, warm+total) }()
	t, err := Receive(to, warm, total)
	if err != nil {
		return t, err
	}
	return t, <-wrote
}

// Send writes n bytes in writes of chunk bytes.
func Send(w io.Writer, chunk int, n int64) error {
	p := make([]byte, chunk)
	for n > 0 {
		m, err := w.Write(p[:min(int64(chunk), n)])
		if err != nil {
			return fmt.Errorf("writing: %w", err)
		}
		n -= int64(m)
	}
	return nil
}

// Receive reads warm and then total bytes, and measures from the end of the first to the end of the second.
func Receive(r io.Reader, warm, total int64) (Transfer, error) {
	buf := make([]byte, ReadBuffer)
	warmed, err := receive(r, buf, warm)
	if err != nil {
		return Transfer{}, fmt.Errorf("reading: %w", err)
	}
	m := measure.StartWarm()
	got, err := receive(r, buf, warm+total-warmed)
	if err != nil {
		return Transfer{}, fmt.Errorf("reading: %w", err)
	}
	elapsed, mallocs := m.Stop()
	return Transfer{got, elapsed, mallocs}, nil
}

// receive reads n bytes, and what the last read gives beyond them.
func receive(r io.Reader, buf []byte, n int64) (got int64, err error) {
	for got < n {
		m, err := r.Read(buf)
		got += int64(m)
		if err != nil && got < n {
			return got, err
		}
	}
	return got, nil
}
