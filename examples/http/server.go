package main

import (
	"errors"
	"net"
	"net/http"

	"golang.org/x/net/http2"

	"smoltls/netconn"
)

// Server is an http.Server that speaks HTTP/2 on connections of netconn. net/http looks for that in crypto/tls's connections only; everything else of it works as it is.
type Server struct {
	HTTP *http.Server
	h2   http2.Server
}

// Serve serves the connections that l accepts until it is closed.
func (s *Server) Serve(l net.Listener) error { return s.HTTP.Serve(&splitter{l, s}) }

// splitter keeps those for itself that have agreed on HTTP/2.
type splitter struct {
	net.Listener
	s *Server
}

// Accept gives the next connection that speaks HTTP/1.1.
func (l *splitter) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil, http.ErrServerClosed
		}
		if err != nil {
			return nil, err
		}
		if t, ok := c.(*netconn.TLSConn); !ok || t.State().NegotiatedProtocol != http2.NextProtoTLS {
			return c, nil
		}
		go l.s.h2.ServeConn(c, &http2.ServeConnOpts{BaseConfig: l.s.HTTP})
	}
}
