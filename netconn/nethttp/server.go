package nethttp

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"smoltls/netconn"
)

// Serve is srv.Serve(l) that speaks HTTP/2 too, on the connections of a [netconn.Listener] whose ends have agreed on
// it: the listener's tlssock.Config says so in its NextProtos, such as {"h2", "http/1.1"}. Request.TLS is there in
// both. It may be called for several listeners; Handler, ConnContext and Protocols of srv are wrapped by the first
// call, and must not be set afterwards. srv.ConnContext gets the *netconn.TLSConn; srv.ConnState gets, of one that
// speaks HTTP/2, something whose NetConn method gives it.
//
// With netconn.ListenConfig.AcceptEarly, requests with a safe method are handled when they come in early data, which
// somebody may have sent before (RFC 8470 §3): Request.TLS.HandshakeComplete is false for those, and a handler that
// minds answers http.StatusTooEarly. Others wait for the end of the handshake.
//
// A server whose Protocols leave HTTP/2 out speaks none. With a listener without TLS, it is spoken to clients who begin
// with it.
func Serve(srv *http.Server, l net.Listener) error {
	prepare(srv)
	return srv.Serve(&listener{l})
}

// preparing is held while the fields of a server are wrapped: several calls of Serve may begin at once.
var preparing sync.Mutex

func prepare(srv *http.Server) {
	preparing.Lock()
	defer preparing.Unlock()
	if _, done := srv.Handler.(*handler); done {
		return
	}
	srv.Handler = &handler{srv.Handler}
	context := &connContext{srv.ConnContext}
	srv.ConnContext = context.of
	srv.Protocols = serverProtocols(srv)
}

// serverProtocols adds HTTP/2 with those of whom it is known beforehand, if srv speaks HTTP/2 at all.
func serverProtocols(srv *http.Server) *http.Protocols {
	p := new(http.Protocols)
	if srv.Protocols != nil {
		*p = *srv.Protocols
	} else {
		_, own := srv.TLSNextProto[http2]
		p.SetHTTP1(true)
		p.SetHTTP2(srv.TLSNextProto == nil || own) // as it was turned off before there were Protocols
	}
	if p.HTTP2() {
		p.SetUnencryptedHTTP2(true)
	}
	return p
}

// listener marks the connections that speak HTTP/2.
type listener struct{ net.Listener }

// Accept gives the next connection.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if t, ok := c.(*netconn.TLSConn); ok && err == nil && t.State().NegotiatedProtocol == http2 {
		return http2Conn{t}, nil
	}
	return c, err
}

// http2Conn is a connection that net/http takes for one without TLS, because it has no method ConnectionState.
type http2Conn struct{ net.Conn }

// NetConn gives the *netconn.TLSConn.
func (c http2Conn) NetConn() net.Conn { return c.Conn }

// connKey is the key under which a connection's context has its *connection.
type connKey struct{}

// connContext puts the connection into its context.
type connContext struct {
	next func(context.Context, net.Conn) context.Context // may be nil
}

func (c *connContext) of(ctx context.Context, conn net.Conn) context.Context {
	if h2, ok := conn.(http2Conn); ok {
		conn = h2.Conn
	}
	if t, ok := conn.(*netconn.TLSConn); ok {
		ctx = context.WithValue(ctx, connKey{}, &connection{conn: t})
	}
	if c.next == nil {
		return ctx
	}
	return c.next(ctx, conn)
}

// connection is what requests are told of theirs.
type connection struct {
	conn  *netconn.TLSConn
	state atomic.Pointer[tls.ConnectionState] // of the last request
}

// tls gives what was negotiated: with HandshakeComplete as soon as it is.
func (c *connection) tls() *tls.ConnectionState {
	state := c.state.Load()
	if state == nil || !state.HandshakeComplete {
		s := c.conn.ConnectionState()
		state = &s
		c.state.Store(state)
	}
	return state
}

// handler tells requests of their connection's TLS, and holds back those that came too early (RFC 8470).
type handler struct {
	next http.Handler // nil: the default
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*connection); ok {
		if r.TLS = c.tls(); !r.TLS.HandshakeComplete && !safe(r) {
			if c.conn.HandshakeContext(r.Context()) != nil {
				w.WriteHeader(http.StatusTooEarly)
				return
			}
			r.TLS = c.tls()
		}
	}
	next := h.next
	if next == nil {
		next = http.DefaultServeMux
	}
	next.ServeHTTP(w, r)
}
