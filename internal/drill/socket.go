package drill

import (
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/tcp"
)

// FirstDescriptor is the first that a world gives: descriptors below it are the operating system's.
const FirstDescriptor = 1 << 20

// socket is what a descriptor stands for.
type socket struct {
	family   int
	nonblock bool
	cfg      *tcp.Config // its own; a connection that was accepted has its listener's
	bound    netip.AddrPort
	keepIdle time.Duration // what cfg.KeepAlive is while keep-alive is on; 0: the default

	listener *iface.Listener
	waiting  *iface.Conn // taken from listener, for the next Accept
	conn     *iface.Conn
	opening  bool // Connect has not told how it ended
	noRead   bool // by Shutdown
	told     bool // the application has heard why the connection failed
}

// ConnEvent implements iface.Owner: whoever waits looks again after each poll.
func (s *socket) ConnEvent(*iface.Conn) {}

// Socket makes a descriptor.
func (w *World) Socket(family, kind, protocol int) (int, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case family != AFInet && family != AFInet6:
		return -1, EAFNOSUPPORT
	case kind&^(SockNonblock|SockCloexec) != SockStream || protocol != 0 && protocol != ProtoTCP:
		return -1, EPROTONOSUPPORT
	}
	return w.open(&socket{family: family, nonblock: kind&SockNonblock != 0, cfg: w.config()}), 0
}

func (w *World) open(s *socket) int {
	fd := w.next
	w.next++
	w.descriptors[fd] = s
	return fd
}

// Fcntl reads and sets a descriptor's flags.
func (w *World) Fcntl(fd, cmd, arg int) (int, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	switch {
	case !ok:
		return -1, EBADF
	case cmd == FSetFL:
		s.nonblock = arg&ONonblock != 0
		return 0, 0
	case cmd == FGetFL && s.nonblock:
		return ORdwr | ONonblock, 0
	case cmd == FGetFL:
		return ORdwr, 0
	}
	return -1, EINVAL
}

// Ioctl tells how much is queued: SIOCINQ, SIOCOUTQ, SIOCOUTQNSD.
func (w *World) Ioctl(fd, request int) (int, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	switch {
	case !ok:
		return -1, EBADF
	case s.conn == nil:
		return -1, EINVAL
	}
	i := s.conn.Info()
	switch request {
	case SIOCINQ:
		return i.RecvQueue, 0
	case SIOCOUTQ:
		return i.SendQueue, 0
	case SIOCOUTQNSD:
		return i.SendQueue - i.Unacked, 0
	}
	return -1, EINVAL
}

// Close gives a descriptor up. What was written still leaves.
func (w *World) Close(fd int) Errno {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return EBADF
	}
	delete(w.descriptors, fd)
	if s.listener != nil {
		s.listener.Close()
	}
	if s.waiting != nil {
		s.waiting.Abort()
		w.ifc.Release(s.waiting)
	}
	if s.conn != nil {
		s.conn.Close() // what it says concerns writing, which is over
		w.ifc.Release(s.conn)
	}
	w.settle(MovesClock)
	return 0
}

// Shutdown ends one direction, or both.
func (w *World) Shutdown(fd, how int) Errno {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	switch {
	case !ok:
		return EBADF
	case how < ShutRD || how > ShutRDWR:
		return EINVAL
	case s.conn == nil || s.conn.State() == tcp.StateClosed:
		return ENOTCONN
	}
	if how != ShutWR {
		s.noRead = true
	}
	if how != ShutRD {
		s.conn.CloseWrite() // an end that was said already is no error
	}
	w.settle(MovesClock)
	return 0
}
