package gvisor

import (
	"crypto/tls"
	"fmt"
	"net"

	"smoltls/bench/internal/load"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
)

// port is where servers listen.
const port = 443

// listener accepts connections of the first stack of a wire to its second one.
type listener struct {
	*gonet.TCPListener
	wire *wire
}

func (w *wire) listen() (*listener, error) {
	l, err := gonet.ListenTCP(w.stacks[1], tcpip.FullAddress{Addr: pairAddrs[1], Port: port}, ipv4.ProtocolNumber)
	if err != nil {
		return nil, fmt.Errorf("gVisor: listening: %w", err)
	}
	return &listener{l, w}, nil
}

// dial connects to the listener.
func (l *listener) dial() (net.Conn, error) {
	to := tcpip.FullAddress{NIC: nicID, Addr: pairAddrs[1], Port: port}
	return gonet.DialTCP(l.wire.stacks[0], to, ipv4.ProtocolNumber)
}

// accepted is the outcome of an accept on another goroutine.
type accepted struct {
	conn net.Conn
	err  error
}

// connectFunc makes a connection to a listener and gives both its ends.
type connectFunc func(l *listener) (client, server net.Conn, err error)

// connect gives both ends of a new TCP connection.
func (l *listener) connect() (client, server net.Conn, err error) {
	ch := make(chan accepted, 1)
	go func() {
		c, err := l.Accept()
		ch <- accepted{c, err}
	}()
	if client, err = l.dial(); err != nil {
		return nil, nil, err
	}
	s := <-ch
	return client, s.conn, s.err
}

// connectTLS gives both ends of a new TLS connection whose handshake is done at both.
func (l *listener) connectTLS(clientCfg, serverCfg *tls.Config) (client, server *tls.Conn, err error) {
	cc, sc, err := l.connect()
	if err != nil {
		return nil, nil, err
	}
	return load.Secure(cc, sc, clientCfg, serverCfg)
}
