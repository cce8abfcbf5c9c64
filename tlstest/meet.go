package tlstest

import (
	"context"
	"net"
	"net/netip"
	"time"

	"smoltls/netconn"
	"smoltls/tlssock"
)

// port is where servers listen.
const port = 443

var serverAddrPort = netip.AddrPortFrom(ServerAddr, port)

// established is one end after its handshake, or why there is none.
type established struct {
	conn net.Conn
	err  error
}

// dial makes the client's end.
func (p *plan) dial() established {
	ctx, cancel := context.WithTimeout(context.Background(), p.o.timeout())
	defer cancel()
	d := &netconn.Dialer{Runner: p.ClientStack}
	if p.o.Client == nil {
		d.TLS = p.config(p.client)
		c, err := d.DialTLSContext(ctx, "tcp", serverAddrPort.String())
		return established{c, err}
	}
	conn, err := d.DialContext(ctx, "tcp", serverAddrPort.String())
	if err != nil {
		return established{nil, err}
	}
	return p.foreign(p.o.Client, conn, p.client)
}

// config gives the configuration of an end of ours.
func (p *plan) config(e End) *tlssock.Config {
	c := e.Config()
	if p.o.Configure != nil {
		p.o.Configure(e.Role, c)
	}
	return c
}

// foreign makes an end by somebody else's code.
func (p *plan) foreign(shake Handshake, conn net.Conn, e End) established {
	conn.SetDeadline(time.Now().Add(p.o.timeout()))
	c, err := shake(conn, e)
	if err != nil {
		conn.Close()
		return established{nil, err}
	}
	c.SetDeadline(time.Time{})
	return established{c, nil}
}

// serve makes the server's end of the first connection that comes, and gives it to the channel. What it listens on ends
// with it.
func (p *plan) serve() (<-chan established, error) {
	came := make(chan established, 2) // one that failed and, at the end of the listener, one more
	cfg := netconn.ListenConfig{HandshakeFailed: func(_ netip.AddrPort, err error) {
		select {
		case came <- established{nil, err}:
		default: // a second connection, which nobody asks for
		}
	}}
	if p.o.Server == nil {
		cfg.TLS = p.config(p.server)
	}
	l, err := p.ServerStack.ListenWith("tcp", serverAddrPort.String(), cfg)
	if err != nil {
		return nil, err
	}
	l.SetDeadline(time.Now().Add(p.o.timeout()))
	go func() {
		defer l.Close()
		conn, err := l.Accept()
		switch {
		case err != nil:
			came <- established{nil, err}
		case p.o.Server != nil:
			came <- p.foreign(p.o.Server, conn, p.server)
		default:
			came <- established{conn, nil}
		}
	}()
	return came, nil
}
