package dns

import (
	"encoding/binary"
	"errors"
	"math"
	"net/netip"
	"time"

	"smoltls/tcp"
)

// stream is a connection to a server, by TCP or TLS, for many questions at once, whose answers come in any order (RFC
// 7766 §6.2.1, RFC 7858 §3.3).
type stream struct {
	c       *Client
	server  netip.AddrPort
	s       socket
	remove  func()
	out, in []byte // what is still to be written; a message that has not come whole
	waiting map[uint16]*Query
	idleAt  time.Time
	err     error // why it can't be used
	silent  bool  // an answer has not come in time: nothing more is asked here
	closed  bool
}

// socket is a tcp.Socket or a tlssock.Socket.
type socket interface {
	TryRead([]byte) (int, error)
	TryWrite([]byte) (int, error)
	Close() error
}

// streamTo gives the connection to a server, which is made if there is none.
func (c *Client) streamTo(server netip.AddrPort, now time.Time) *stream {
	for _, s := range c.streams {
		if s.server == server && s.err == nil && !s.silent && !s.closed {
			return s
		}
	}
	s := &stream{c: c, server: server, waiting: make(map[uint16]*Query), idleAt: now.Add(c.cfg.IdleTimeout)}
	s.connect()
	c.streams = append(c.streams, s)
	return s
}

func (s *stream) connect() {
	if c := s.c; c.cfg.TLS != nil {
		h, err := c.cfg.Sockets.Connect(s.server, c.cfg.TLS)
		if err != nil {
			s.err = err
			return
		}
		s.s, _ = c.cfg.Sockets.Get(h)
		s.remove = func() { c.cfg.Sockets.Remove(h) }
		return
	}
	h, err := s.c.tcps.Connect(s.server, nil)
	if err != nil {
		s.err = err
		return
	}
	s.s, _ = s.c.tcps.Get(h)
	s.remove = func() { s.c.tcps.Remove(h) }
}

// prefix is how long the length before a message is (RFC 1035 §4.2.2), and maxUnsent how much may wait until the server
// takes it.
const (
	prefix    = 2
	maxUnsent = maxMessage
)

// ask has a question sent. Its number is changed when another one on this connection has it.
func (s *stream) ask(q *Query) error {
	if s.err != nil {
		return s.err
	}
	if len(s.waiting) > math.MaxUint16 {
		return ErrBusy
	}
	for s.waiting[q.id] != nil { // nobody guesses at numbers here: any that is free will do
		q.id++
	}
	b, err := ask(q.id, q.target, q.typ, q.plain, s.c.cfg.TLS != nil)
	if err != nil {
		return err
	}
	if len(s.out)+prefix+len(b) > maxUnsent {
		return ErrBusy
	}
	s.c.stats.Stream++
	s.waiting[q.id] = q
	s.out = append(binary.BigEndian.AppendUint16(s.out, uint16(len(b))), b...)
	s.write()
	return s.err
}

// timedOut notes that the answer to q has not come in time, if it was asked here.
func (s *stream) timedOut(q *Query) { s.silent = s.silent || s.waiting[q.id] == q }

// forget stops waiting for the answer to q. Should it come it is foreign.
func (s *stream) forget(q *Query) {
	if s.waiting[q.id] == q {
		delete(s.waiting, q.id)
	}
}

// poll writes and reads what can be, and ends a connection that nobody has used for a while.
func (s *stream) poll(now time.Time) {
	if s.err == nil {
		s.write()
		s.read(now)
	}
	if len(s.waiting) > 0 {
		s.idleAt = now.Add(s.c.cfg.IdleTimeout)
	}
	switch {
	case s.err != nil:
		s.close()
		for _, q := range s.waiting {
			q.next(now, s.err) // which forgets it here
		}
	case !now.Before(s.idleAt):
		s.close()
	}
}

func (s *stream) write() {
	if len(s.out) == 0 {
		return // a write of nothing is work for the stack, too
	}
	n, err := s.s.TryWrite(s.out)
	s.out = s.out[:copy(s.out, s.out[n:])]
	if err != nil && !errors.Is(err, tcp.ErrWouldBlock) {
		s.err = err
	}
}

// read gives the messages that have come to those who wait for them. The end of the connection is told to who still
// waits.
func (s *stream) read(now time.Time) {
	for {
		n, err := s.s.TryRead(s.c.buf)
		if errors.Is(err, tcp.ErrWouldBlock) {
			return
		}
		if err != nil {
			s.err = err
			return
		}
		s.in = append(s.in, s.c.buf[:n]...)
		s.messages(now)
	}
}

// messages takes whole messages off the front of what has come.
func (s *stream) messages(now time.Time) {
	b := s.in
	for len(b) >= prefix {
		end := prefix + int(binary.BigEndian.Uint16(b))
		if len(b) < end {
			break
		}
		s.message(now, b[prefix:end])
		b = b[end:]
	}
	s.in = s.in[:copy(s.in, b)]
}

func (s *stream) message(now time.Time, m []byte) {
	if len(m) < 2 {
		return
	}
	q := s.waiting[binary.BigEndian.Uint16(m)] // the number comes first (RFC 1035 §4.1.1)
	if q == nil {
		s.c.stats.Foreign++
		return
	}
	q.take(now, m)
}

// close ends the connection. Who waits on it is not told.
func (s *stream) close() {
	if s.closed {
		return
	}
	s.closed = true
	if s.remove != nil {
		_ = s.s.Close()
		s.remove()
	}
}
