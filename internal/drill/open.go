package drill

import (
	"net/netip"

	"smoltls/iface"
	"smoltls/tcp"
)

// Bind gives a socket its address.
func (w *World) Bind(fd int, addr []byte) Errno {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return EBADF
	}
	a, errno := parseSockaddr(addr)
	if errno != 0 {
		return errno
	}
	if s.bound.IsValid() || s.conn != nil {
		return EINVAL
	}
	s.bound = a
	return 0
}

// Listen makes a socket accept connections.
func (w *World) Listen(fd, backlog int) Errno {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	switch {
	case !ok:
		return EBADF
	case s.conn != nil || !s.bound.IsValid():
		return EINVAL
	case s.listener != nil:
		return 0
	}
	cfg := tcp.ListenConfig{Config: s.cfg, AcceptQueue: backlog + 1, NoSYNCookies: w.sysctl("tcp_syncookies") == "0"}
	l := new(iface.Listener)
	err := w.ifc.Listen(l, s.bound, cfg, func() (*iface.Conn, iface.Owner) {
		return new(iface.Conn), &socket{}
	})
	if err != nil {
		return errnoOf(err)
	}
	s.listener = l
	return 0
}

// Accept gives the descriptor of a connection, and its peer's struct sockaddr.
func (w *World) Accept(fd int, who Caller) (int, []byte, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, ok := w.descriptors[fd]
	if !ok {
		return -1, nil, EBADF
	}
	if l.listener == nil {
		return -1, nil, EINVAL
	}
	var c *iface.Conn
	accepted := func() bool {
		c, l.waiting = l.waiting, nil
		if c == nil {
			c, ok = l.listener.Accept()
		}
		return ok
	}
	w.poll()
	if l.nonblock && !accepted() {
		return -1, nil, EAGAIN
	}
	if !l.nonblock && !w.block(who, accepted) {
		return -1, nil, EDEADLK
	}
	s := c.Owner().(*socket)
	*s = socket{family: l.family, cfg: l.cfg, conn: c}
	return w.open(s), sockaddr(l.family, c.RemoteAddr()), 0
}

// Connect opens a connection.
func (w *World) Connect(fd int, addr []byte, who Caller) Errno {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return EBADF
	}
	a, errno := parseSockaddr(addr)
	switch {
	case errno != 0:
		return errno
	case s.listener != nil:
		return EISCONN
	case s.conn == nil:
		if errno := w.begin(s, a); errno != 0 {
			return errno
		}
		if s.nonblock {
			w.poll()
			return EINPROGRESS
		}
	case !s.opening:
		return EISCONN
	case s.nonblock && !s.opened():
		return EALREADY
	}
	if !w.block(who, s.opened) {
		return EDEADLK
	}
	s.opening = false
	return s.reason()
}

func (w *World) begin(s *socket, remote netip.AddrPort) Errno {
	c := new(iface.Conn)
	remote = netip.AddrPortFrom(remote.Addr().Unmap(), remote.Port())
	local := s.bound
	if local.IsValid() {
		local = netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
	}
	if err := w.ifc.ConnectFrom(c, s, local, remote, s.cfg); err != nil {
		return errnoOf(err)
	}
	s.conn, s.opening = c, true
	return 0
}

// opened reports whether the handshake is over, well or not.
func (s *socket) opened() bool {
	st := s.conn.State()
	return st != tcp.StateSynSent && st != tcp.StateSynReceived
}

// reason gives why the connection failed, once; then, and while it has not, 0.
func (s *socket) reason() Errno {
	if s.told || s.conn == nil || s.conn.Err() == nil {
		return 0
	}
	s.told = true
	return errnoOf(s.conn.Err())
}
