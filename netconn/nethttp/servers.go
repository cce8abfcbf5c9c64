package nethttp

import (
	"context"
	"net"
	"net/http"
	"sync"

	"smoltls/netconn"
)

// maxServers is how many servers' protocols are known at a time: beyond it one is asked again.
const maxServers = 1024

// servers are what is known of servers: the protocol that each has agreed on. Which one it is a handshake tells, so
// that the first request to a server waits for a connection, and then uses it.
type servers struct {
	mu     sync.Mutex
	agreed map[string]string        // by address
	asking map[string]chan struct{} // closed when the answer is there, or there is none
}

// protocol gives what addr speaks; "": nobody knows.
func (s *servers) protocol(addr string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.agreed[addr]
}

func (s *servers) learn(addr, protocol string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.agreed == nil {
		s.agreed = make(map[string]string)
	}
	for other := range s.agreed {
		if len(s.agreed) < maxServers {
			break
		}
		delete(s.agreed, other)
	}
	s.agreed[addr] = protocol
}

// turn gives what addr speaks, or a channel to wait at while another request asks; neither: it is up to the caller to
// ask, and to close what is under s.asking then.
func (s *servers) turn(addr string) (protocol string, wait chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.agreed[addr]; p != "" {
		return p, nil
	}
	if wait := s.asking[addr]; wait != nil {
		return "", wait
	}
	if s.asking == nil {
		s.asking = make(map[string]chan struct{})
	}
	s.asking[addr] = make(chan struct{})
	return "", nil
}

func (s *servers) asked(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.asking[addr])
	delete(s.asking, addr)
}

// ask gives the protocol that the server at addr speaks, and the connection that was opened to learn it, if one was.
func (s *servers) ask(ctx context.Context, addr string, d *netconn.Dialer) (string, *first, error) {
	for {
		protocol, wait := s.turn(addr)
		switch {
		case protocol != "":
			return protocol, nil, nil
		case wait == nil:
			return s.dial(ctx, addr, d)
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
	}
}

func (s *servers) dial(ctx context.Context, addr string, d *netconn.Dialer) (string, *first, error) {
	defer s.asked(addr)
	c, err := d.DialTLSContext(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	protocol := http1 // also where nothing was agreed on
	if spoken(c) == http2 {
		protocol = http2
	}
	s.learn(addr, protocol)
	return protocol, &first{conn: c}, nil
}

// first is a connection for the request that caused it. http.Transport asks for it when it dials, with the context of
// the request. A nil first has none.
type first struct {
	mu   sync.Mutex
	conn net.Conn // nil: taken
}

// firstKey is the key of a first in a context.
type firstKey struct{}

// with gives r with f in its context.
func (f *first) with(r *http.Request) *http.Request {
	if f == nil {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), firstKey{}, f))
}

func firstOf(ctx context.Context) *first {
	f, _ := ctx.Value(firstKey{}).(*first)
	return f
}

// take gives the connection, once.
func (f *first) take() net.Conn {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.conn
	f.conn = nil
	return c
}

// abandon closes the connection if nobody wanted it.
func (f *first) abandon() {
	if c := f.take(); c != nil {
		c.Close()
	}
}
