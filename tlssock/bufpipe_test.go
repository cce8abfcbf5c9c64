package tlssock

import (
	"io"
	"net"
	"sync"
	"time"
)

// bufPipe is one end of a connection in memory whose writes never block.
type bufPipe struct {
	in, out *bufQueue
}

type bufQueue struct {
	mu     sync.Mutex
	wake   *sync.Cond
	b      []byte
	closed bool
}

func newBufPipe() (a, b *bufPipe) {
	x, y := &bufQueue{}, &bufQueue{}
	x.wake, y.wake = sync.NewCond(&x.mu), sync.NewCond(&y.mu)
	return &bufPipe{x, y}, &bufPipe{y, x}
}

func (p *bufPipe) Read(b []byte) (int, error) {
	q := p.in
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.b) == 0 && !q.closed {
		q.wake.Wait()
	}
	if len(q.b) == 0 {
		return 0, io.EOF
	}
	n := copy(b, q.b)
	q.b = q.b[n:]
	return n, nil
}

func (p *bufPipe) Write(b []byte) (int, error) {
	q := p.out
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return 0, io.ErrClosedPipe
	}
	q.b = append(q.b, b...)
	q.wake.Signal()
	return len(b), nil
}

// Close ends both directions; what was written before can still be read.
func (p *bufPipe) Close() error {
	for _, q := range []*bufQueue{p.in, p.out} {
		q.mu.Lock()
		q.closed = true
		q.wake.Broadcast()
		q.mu.Unlock()
	}
	return nil
}

func (p *bufPipe) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (p *bufPipe) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (p *bufPipe) SetDeadline(time.Time) error      { return nil }
func (p *bufPipe) SetReadDeadline(time.Time) error  { return nil }
func (p *bufPipe) SetWriteDeadline(time.Time) error { return nil }
