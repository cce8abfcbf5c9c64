package netconn

import (
	"context"
	"errors"
	"fmt"

	"smoltls/set"
	"smoltls/tlssock"
)

// earlySocket is a TLS socket that is used before its handshake is over: what a client writes then is early data, and
// what a server reads then may be. When the handshake is over, it is like any other.
type earlySocket struct{ *tlssock.Socket }

// inHandshake reports that the handshake goes on.
func (s earlySocket) inHandshake() bool { return !s.Engine().HandshakeComplete() && s.Err() == nil }

// TryRead reads early data, then all other.
func (s earlySocket) TryRead(p []byte) (int, error) {
	if s.inHandshake() {
		if n, err := s.TryReadEarly(p); !errors.Is(err, tlssock.ErrNoEarlyData) {
			return n, err
		}
	}
	return s.Socket.TryRead(p)
}

// TryWrite writes as much as there may be of early data, and the rest when the handshake is over.
func (s earlySocket) TryWrite(p []byte) (int, error) {
	if !s.inHandshake() {
		return s.Socket.TryWrite(p)
	}
	n, err := s.TryWriteEarly(p)
	if errors.Is(err, tlssock.ErrNoEarlyData) {
		err = tlssock.ErrWouldBlock
	}
	return n, err
}

// Readable reports whether TryRead would give something.
func (s earlySocket) Readable() bool {
	return s.Socket.Readable() || s.inHandshake() && s.Engine().EarlyBuffered() > 0
}

// Writable reports whether TryWrite would take something.
func (s earlySocket) Writable() bool {
	return s.Socket.Writable() || s.inHandshake() && s.Engine().EarlyDataRoom() > 0 && len(s.Engine().Output()) == 0 && s.Transport().Writable()
}

// ready reports that early data can be written.
func (s earlySocket) ready() bool { return s.inHandshake() && s.Engine().EarlyDataRoom() > 0 }

// tlsOf gives the TLS socket that s is; nil: it is TCP's.
func tlsOf(s stream) *tlssock.Socket {
	switch s := s.(type) {
	case *tlssock.Socket:
		return s
	case earlySocket:
		return s.Socket
	}
	return nil
}

// promise is what was told of a connection that was handed out before its handshake was over.
type promise struct {
	protocol string // by ALPN, from the session
	err      error  // it was not kept
}

// broken says that the promise was not kept, if so. A nil one always is.
func (p *promise) broken() error {
	if p == nil {
		return nil
	}
	return p.err
}

// handOut notes what who dials is told of c, if that is said before its server has answered.
func (c *TLSConn) handOut() {
	if s, early := c.s.(earlySocket); early && !s.Engine().HandshakeComplete() {
		c.early = &promise{protocol: s.ConnectionState().NegotiatedProtocol}
	}
}

// noteHandshake makes a connection that was used before its handshake was over one like any other, as soon as it is:
// who waits for that goes on, whether or not there is something to read, or room to write. What was written for one
// protocol must not be taken for another's.
func (c *Conn) noteHandshake() {
	s, early := c.s.(earlySocket)
	if !early || !s.Engine().HandshakeComplete() {
		return
	}
	if p := c.early; p != nil {
		if now := s.ConnectionState().NegotiatedProtocol; now != p.protocol {
			p.err = fmt.Errorf("%w, by another connection: its protocol was to be %q, and the server has chosen %q", tlssock.ErrEarlyDataRejected, p.protocol, now)
		}
	}
	c.s = s.Socket
	c.wake()
}

// settle waits, under the lock, until the handshake is over or can't go on.
func (c *Conn) settle(ctx context.Context) error {
	for {
		if err := c.usable(&c.wr); err != nil {
			return err
		}
		s, early := c.s.(earlySocket)
		switch {
		case !early || s.Engine().HandshakeComplete():
			return nil
		case s.Err() != nil:
			return s.Err()
		case c.r.dead:
			return c.r.whyClosed()
		case ctx.Err() != nil:
			return ctx.Err()
		}
		c.wr.wait()
	}
}

// HandshakeContext waits until the handshake is over, for a connection that was handed out before that
// ([Dialer.EarlyData], [ListenConfig.AcceptEarly]); on all others it does nothing. What is read afterwards can be no
// replay, and the peer is there. It fails with what ctx says, as Write does by the write deadline, and with why the
// handshake has failed.
func (c *TLSConn) HandshakeContext(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		c.r.mu.Lock()
		defer c.r.mu.Unlock()
		c.wr.wake()
	})
	defer stop()
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	if err := c.settle(ctx); err != nil {
		return c.fault("handshake", err)
	}
	return nil
}

// unsettled are connections that were closed before their handshake was over. Their end would break it off, and what
// was written with it: early data that has arrived is good only when the handshake is done, and what of it the server
// does not take is sent again then.
type unsettled map[set.Handle]earlySocket

// take keeps s until its handshake is over, or has taken too long (set.Limits.HandshakeTimeout); false: it is over.
func (u *unsettled) take(h set.Handle, s earlySocket) bool {
	if !s.inHandshake() {
		return false
	}
	if *u == nil {
		*u = make(unsettled)
	}
	(*u)[h] = s
	return true
}

// settled ends a connection that was closed, when its handshake is over.
func (r *Runner) settled(h set.Handle) {
	s, ok := r.unsettled[h]
	if !ok || s.inHandshake() {
		return
	}
	delete(r.unsettled, h)
	_ = s.Close() // nobody asks any more
	r.tlsHome.remove(h)
}
