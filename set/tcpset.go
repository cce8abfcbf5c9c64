package set

import (
	"errors"
	"fmt"
	"net/netip"

	"smoltls/iface"
	"smoltls/tcp"
)

// Errors of the sets. errors.Is finds them.
var (
	ErrSetFull       = errors.New("set: no room for another socket")
	ErrListenersFull = errors.New("set: no room for another listener")
)

// TCPSocketSet holds plain TCP sockets of one interface by handle.
type TCPSocketSet struct {
	core[tcpEntry, *tcpEntry]
	ifc       *iface.Interface
	limits    Limits
	listeners table[tcpListener]
}

// tcpEntry is one socket: connection, place in the set, and marks, in one allocation.
type tcpEntry struct {
	conn iface.Conn
	set  *TCPSocketSet
	place
}

type tcpListener struct {
	iface.Listener
}

// NewTCP makes an empty set of TCP sockets on ifc.
func NewTCP(ifc *iface.Interface, limits Limits) *TCPSocketSet {
	l := limits.withDefaults()
	s := &TCPSocketSet{ifc: ifc, limits: l}
	s.init(l.Sockets)
	s.listeners.max = l.Listeners
	return s
}

// Connect starts a connection to remote. The handle is good at once; the socket becomes ready when it is connected or
// has failed. A nil cfg is the default. Errors: [ErrSetFull], and those of [iface.Interface.Connect] (no route, no
// address of that family, ports used up).
func (s *TCPSocketSet) Connect(remote netip.AddrPort, cfg *tcp.Config) (Handle, error) {
	return s.ConnectFrom(netip.AddrPort{}, remote, cfg)
}

// ConnectFrom is Connect from an address and a port that the caller chooses; what is unspecified of them is chosen as
// for Connect. Errors also: those of [iface.Interface.ConnectFrom].
func (s *TCPSocketSet) ConnectFrom(local, remote netip.AddrPort, cfg *tcp.Config) (Handle, error) {
	e := &tcpEntry{set: s}
	h, ok := s.insert(e)
	if !ok {
		return Handle{}, fmt.Errorf("%w (limit %d)", ErrSetFull, s.limits.Sockets)
	}
	if err := s.ifc.ConnectFrom(&e.conn, e, local, remote, cfg); err != nil {
		s.remove(h)
		return Handle{}, err
	}
	return h, nil
}

// Listen accepts connections to local, whose address may be unspecified (every address of the interface) and whose port
// may not be 0.
func (s *TCPSocketSet) Listen(local netip.AddrPort, cfg tcp.ListenConfig) (ListenerHandle, error) {
	l := &tcpListener{}
	h, ok := s.listeners.insert(l)
	if !ok {
		return ListenerHandle{}, fmt.Errorf("%w (limit %d)", ErrListenersFull, s.limits.Listeners)
	}
	alloc := func() (*iface.Conn, iface.Owner) {
		if s.sockets.full() {
			return nil, nil
		}
		e := &tcpEntry{set: s}
		return &e.conn, e
	}
	if err := s.ifc.Listen(&l.Listener, local, cfg, alloc); err != nil {
		s.listeners.remove(h)
		return ListenerHandle{}, err
	}
	return ListenerHandle{h}, nil
}

// Accept gives the handle of the oldest connection that waits at the listener, false when there is none or the set is
// full.
func (s *TCPSocketSet) Accept(lh ListenerHandle) (Handle, bool) {
	l, ok := s.listeners.get(lh.h)
	if !ok || s.sockets.full() {
		return Handle{}, false
	}
	c, ok := l.Accept()
	if !ok {
		return Handle{}, false
	}
	e := c.Owner().(*tcpEntry)
	s.insert(e)
	s.tell(e) // what arrived before Accept is news too
	return e.handle, true
}

// Get gives the socket that h names. The pointer stays good until h is removed.
func (s *TCPSocketSet) Get(h Handle) (*tcp.Socket, bool) {
	e, ok := s.sockets.get(h)
	if !ok {
		return nil, false
	}
	return &e.conn.Socket, true
}

// Addrs gives the two ends of the connection that h names.
func (s *TCPSocketSet) Addrs(h Handle) (local, remote netip.AddrPort, ok bool) {
	e, ok := s.sockets.get(h)
	if !ok {
		return local, remote, false
	}
	return e.conn.LocalAddr(), e.conn.RemoteAddr(), true
}

// Remove forgets h. A connection that was closed before goes on in the background until both ends have finished; one
// that was not is reset. It reports whether h named something.
func (s *TCPSocketSet) Remove(h Handle) bool {
	e, ok := s.remove(h)
	if ok {
		s.ifc.Release(&e.conn)
	}
	return ok
}

// RemoveListener ends a listener; connections that nobody accepted are reset. It reports whether lh named something.
func (s *TCPSocketSet) RemoveListener(lh ListenerHandle) bool {
	l, ok := s.listeners.remove(lh.h)
	if ok {
		l.Close()
	}
	return ok
}

// ConnEvent implements [iface.Owner].
func (e *tcpEntry) ConnEvent(*iface.Conn) { e.set.tell(e) }
