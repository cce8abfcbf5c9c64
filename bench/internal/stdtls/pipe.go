// Package stdtls is crypto/tls by itself: both ends in one process, over a pipe in memory that holds what is written
// until it is read.
package stdtls

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"
)

// lane is one direction of a pipe.
type lane struct {
	mu     sync.Mutex
	filled sync.Cond
	buf    bytes.Buffer
	closed bool
}

// end is one end of a pipe. Deadlines and addresses are nothing that crypto/tls needs.
type end struct{ in, out *lane }

// pipe gives both ends of one.
func pipe() (net.Conn, net.Conn) {
	a, b := &lane{}, &lane{}
	a.filled.L, b.filled.L = &a.mu, &b.mu
	return end{a, b}, end{b, a}
}

// Read waits for something to read, or the end.
func (e end) Read(p []byte) (int, error) {
	l := e.in
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.buf.Len() == 0 {
		if l.closed {
			return 0, io.EOF
		}
		l.filled.Wait()
	}
	return l.buf.Read(p)
}

// Write never waits.
func (e end) Write(p []byte) (int, error) {
	l := e.out
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, io.ErrClosedPipe
	}
	defer l.filled.Signal()
	return l.buf.Write(p)
}

// Close ends both directions.
func (e end) Close() error {
	for _, l := range []*lane{e.in, e.out} {
		l.mu.Lock()
		l.closed = true
		l.mu.Unlock()
		l.filled.Broadcast()
	}
	return nil
}

func (end) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (end) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (end) SetDeadline(time.Time) error      { return nil }
func (end) SetReadDeadline(time.Time) error  { return nil }
func (end) SetWriteDeadline(time.Time) error { return nil }
