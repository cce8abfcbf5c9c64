package netconn

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// Conn is a connection of a [Runner]: TCP, or what lies under a [TLSConn]. It is a net.Conn, with [Conn.CloseWrite].
// Its methods may be called by any number of goroutines; writes do not mix.
type Conn struct {
	waiting       // closed: s is gone
	s             stream
	h             set.Handle
	home          *home
	local, remote netip.AddrPort
	writing       sync.Mutex // one Write at a time; taken before the Runner's lock

	opening chan<- struct{}          // who dials hears of news here; nil: nobody dials
	last    *tlssock.ConnectionState // of a connection with TLS that is closed
	early   *promise                 // of a connection that was handed out before its handshake was over; nil: of none
}

// stream is what a tcp.Socket and a tlssock.Socket have in common.
type stream interface {
	TryRead([]byte) (int, error)
	TryWrite([]byte) (int, error)
	Readable() bool
	Writable() bool
	CloseWrite() error
	Close() error
	Err() error
}

// home is the set that a connection lives in.
type home struct {
	conns  map[set.Handle]*Conn
	remove func(set.Handle)
}

// init makes c the face of the socket that h names.
func (c *Conn) init(r *Runner, home *home, h set.Handle, s stream, local, remote netip.AddrPort) {
	c.waiting.init(r)
	c.home, c.h, c.s, c.local, c.remote = home, h, s, local, remote
	home.conns[h] = c
}

// news wakes who can go on.
func (c *Conn) news() {
	c.noteHandshake()
	if c.rd.waiters > 0 && c.s.Readable() {
		c.rd.wake()
	}
	if c.wr.waiters > 0 && (c.s.Writable() || c.s.Err() != nil) {
		c.wr.wake()
	}
	c.tellDialer()
}

// tellDialer makes who dials look.
func (c *Conn) tellDialer() {
	if c.opening == nil {
		return
	}
	select {
	case c.opening <- struct{}{}:
	default: // it has news to look at already
	}
}

// usable says why nothing can be done through g, if so.
func (c *Conn) usable(g *gate) error {
	if err := c.waiting.usable(g); err != nil {
		return err
	}
	return c.early.broken()
}

// Read reads what is there into p, and waits for it if nothing is. io.EOF says that the peer has closed its direction
// in good order.
func (c *Conn) Read(p []byte) (int, error) {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	for {
		if err := c.usable(&c.rd); err != nil {
			return 0, c.fault("read", err)
		}
		n, err := c.s.TryRead(p)
		c.r.kick() // the window has moved
		switch {
		case n > 0 || err == nil:
			return n, nil
		case err == io.EOF:
			return 0, io.EOF
		case !errors.Is(err, tcp.ErrWouldBlock):
			return 0, c.fault("read", err)
		case c.r.dead:
			return 0, c.fault("read", c.r.whyClosed())
		}
		c.rd.wait()
	}
}

// Write writes p, and waits until the send buffer has taken all of it. When it fails, n is how much was taken, and may
// still reach the peer.
func (c *Conn) Write(p []byte) (n int, err error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	for {
		if err := c.usable(&c.wr); err != nil {
			return n, c.fault("write", err)
		}
		if c.r.dead {
			return n, c.fault("write", c.r.whyClosed())
		}
		m, err := c.s.TryWrite(p[n:])
		n += m
		c.r.kick()
		switch {
		case err == nil && n == len(p):
			return n, nil
		case err != nil && !errors.Is(err, tcp.ErrWouldBlock):
			return n, c.fault("write", err)
		}
		c.wr.wait()
	}
}

// CloseWrite tells the peer that nothing more comes, after what was written, with TLS by close_notify too. Reading goes
// on.
func (c *Conn) CloseWrite() error {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	if c.closed {
		return c.fault("close", net.ErrClosed)
	}
	var err error
	if _, early := c.s.(earlySocket); early {
		err = c.settle(context.Background()) // the end would break the handshake off
	}
	if err == nil {
		err = c.s.CloseWrite()
		c.wr.wake()
		c.r.kick()
	}
	if err != nil {
		return c.fault("close", err)
	}
	return nil
}

// Close ends the connection and every call that waits on it, and does not wait itself: what was written still goes out,
// in the background, early data too. When nothing is left to go out and there is data that nobody has read, TCP's end
// is a reset, as everywhere (RFC 2525 §2.17).
func (c *Conn) Close() error {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	if c.closed {
		return c.fault("close", net.ErrClosed)
	}
	c.end()
	c.r.kick()
	return nil
}

// end is Close under the lock.
func (c *Conn) end() {
	if c.closed {
		return
	}
	c.closed = true
	c.r.tick()
	delete(c.home.conns, c.h)
	if t, ok := c.s.(*tcp.Socket); ok {
		if c.r.parting.take(c.h, t, c.r.now()) {
			c.leave()
			return
		}
	} else {
		state := tlsOf(c.s).ConnectionState()
		c.last = &state
		if s, early := c.s.(earlySocket); early && c.opening == nil && c.r.unsettled.take(c.h, s) {
			c.leave()
			return
		}
	}
	_ = c.s.Close() // why it failed before has been told to who read or wrote
	c.home.remove(c.h)
	c.leave()
}

// leave ends what waits.
func (c *Conn) leave() {
	c.s = nil
	c.waiting.leave()
	c.tellDialer()
}

// LocalAddr gives our end, a *net.TCPAddr.
func (c *Conn) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(c.local) }

// RemoteAddr gives the peer's end, a *net.TCPAddr.
func (c *Conn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

// SetDeadline is SetReadDeadline and SetWriteDeadline.
func (c *Conn) SetDeadline(t time.Time) error { return c.setDeadline(t, &c.rd, &c.wr) }

// SetReadDeadline ends calls of Read, those under way too, at t with os.ErrDeadlineExceeded. The zero time is no
// deadline. It is a time of the real clock. The connection stays good.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, &c.rd) }

// SetWriteDeadline is SetReadDeadline for Write. What a Write that failed has taken still goes out.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, &c.wr) }

func (c *Conn) setDeadline(t time.Time, gates ...*gate) error {
	if err := c.waiting.setDeadline(t, gates...); err != nil {
		return c.fault("set", err)
	}
	return nil
}

// fault is err as the net package gives it.
func (c *Conn) fault(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: explain(err)}
}
