package main

import (
	"context"
	"net"
	"net/http"
	"sync"

	"golang.org/x/net/http2"

	"smoltls/netconn"
)

// Transport is an http.RoundTripper over netconn that speaks HTTP/2 to the servers that agree on it, as http.Transport does over crypto/tls.
type Transport struct {
	dialer *netconn.Dialer
	h1     *http.Transport
	h2     http2.Transport

	mu    sync.Mutex
	conns map[string]*http2.ClientConn // by address; one carries many requests
	spare map[string][]net.Conn        // dialled, and found to speak HTTP/1.1 only
}

// NewTransport makes one that dials by d, whose NextProtos say what is spoken.
func NewTransport(d *netconn.Dialer) *Transport {
	t := &Transport{dialer: d, conns: make(map[string]*http2.ClientConn), spare: make(map[string][]net.Conn)}
	t.h1 = &http.Transport{DialContext: d.DialContext, DialTLSContext: t.dialHTTP1}
	return t
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		c, err := t.http2(r.Context(), address(r))
		if err != nil {
			return nil, err
		}
		if c != nil {
			return c.RoundTrip(r)
		}
	}
	return t.h1.RoundTrip(r)
}

// http2 gives a connection that speaks HTTP/2; nil: the server does not, or an HTTP/1.1 connection may be idle already.
func (t *Transport) http2(ctx context.Context, addr string) (*http2.ClientConn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.conns[addr]; c != nil && c.CanTakeNewRequest() {
		return c, nil
	}
	if _, known := t.spare[addr]; known {
		return nil, nil
	}
	conn, err := t.dialer.DialTLSContext(ctx, "tcp", addr) // under the lock: who comes meanwhile waits for this connection
	if err != nil {
		return nil, err
	}
	if conn.(*netconn.TLSConn).State().NegotiatedProtocol != http2.NextProtoTLS {
		t.spare[addr] = append(t.spare[addr], conn)
		return nil, nil
	}
	c, err := t.h2.NewClientConn(conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	t.conns[addr] = c
	return c, nil
}

// dialHTTP1 gives http.Transport a connection to a server that is known to speak HTTP/1.1.
func (t *Transport) dialHTTP1(ctx context.Context, network, addr string) (net.Conn, error) {
	t.mu.Lock()
	if spare := t.spare[addr]; len(spare) > 0 {
		t.spare[addr] = spare[:len(spare)-1]
		t.mu.Unlock()
		return spare[len(spare)-1], nil
	}
	t.mu.Unlock()
	return t.dialer.DialTLSContext(ctx, network, addr)
}

// CloseIdleConnections ends the connections that carry no request.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for addr, c := range t.conns {
		if c.State().StreamsActive == 0 {
			c.Close()
			delete(t.conns, addr)
		}
	}
	for addr, conns := range t.spare {
		for _, c := range conns {
			c.Close()
		}
		delete(t.spare, addr)
	}
	t.h1.CloseIdleConnections()
}

// address is where a request goes.
func address(r *http.Request) string {
	if r.URL.Port() == "" {
		return net.JoinHostPort(r.URL.Hostname(), "443")
	}
	return r.URL.Host
}
