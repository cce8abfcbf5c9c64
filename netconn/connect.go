package netconn

import (
	"net/netip"

	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// connect begins a connection to remote, with TLS if cfg is not nil, and tells news when it has come to something. A
// connection without TLS is the Conn of the TLSConn. early: it is made as soon as early data can be written.
func (r *Runner) connect(remote netip.AddrPort, cfg *tlssock.Config, early bool, tcpCfg *tcp.Config, news chan<- struct{}) (*TLSConn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed() {
		return nil, r.whyClosed()
	}
	r.tick()
	defer r.kick()
	c := &TLSConn{Conn: Conn{opening: news}}
	if cfg == nil {
		h, err := r.tcps.Connect(remote, tcpCfg)
		if err != nil {
			return nil, err
		}
		s, _ := r.tcps.Get(h)
		c.place(r, &r.tcpHome, h, s, r.tcps.Addrs)
		return c, nil
	}
	h, err := r.tlss.ConnectTCP(remote, cfg, tcpCfg)
	if err != nil {
		return nil, err
	}
	s, _ := r.tlss.Get(h)
	if early {
		c.place(r, &r.tlsHome, h, earlySocket{s}, r.tlss.Addrs)
	} else {
		c.place(r, &r.tlsHome, h, s, r.tlss.Addrs)
	}
	return c, nil
}

func (c *Conn) place(r *Runner, home *home, h set.Handle, s stream, addrs func(set.Handle) (local, remote netip.AddrPort, ok bool)) {
	local, remote, _ := addrs(h)
	c.init(r, home, h, s, local, remote)
}

// outcome reports whether the connection is made, or why it can't be.
func (c *TLSConn) outcome() (done bool, err error) {
	if c.closed || c.r.dead {
		return false, c.r.whyClosed()
	}
	if err := c.s.Err(); err != nil {
		return false, err
	}
	switch s := c.s.(type) {
	case earlySocket:
		return s.ready() || s.Engine().HandshakeComplete(), nil
	case *tlssock.Socket:
		return s.Engine().HandshakeComplete(), nil
	case *tcp.Socket:
		return s.State() >= tcp.StateEstablished, nil
	}
	return false, nil
}
