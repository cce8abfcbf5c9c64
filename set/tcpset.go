package set

import (
	"errors"
	"fmt"
	"iter"
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
	ifc       *iface.Interface
	limits    Limits
	sockets   table[tcpEntry]
	listeners table[tcpListener]
	ready     readyList
	yield     iter.Seq[Handle]
}

// tcpEntry is one socket: connection, place in the set, and marks, in one allocation.
type tcpEntry struct {
	conn   iface.Conn
	set    *TCPSocketSet
	handle Handle // zero while it waits in a listener
	told   bool   // stands in set.ready
}

type tcpListener struct {
	iface.Listener
}

// NewTCP makes an empty set of TCP sockets on ifc.
func NewTCP(ifc *iface.Interface, limits Limits) *TCPSocketSet {
	l := limits.withDefaults()
	s := &TCPSocketSet{ifc: ifc, limits: l}
	s.sockets.max, s.listeners.max = l.Sockets, l.Listeners
	s.yield = s.drainReady
	return s
}

// Connect starts a connection to remote. The handle is good at once; the socket becomes ready when it is connected or has failed. A nil
// cfg is the default. Errors: [ErrSetFull], and those of [iface.Interface.Connect] (no route, no address of that family, ports used up).
func (s *TCPSocketSet) Connect(remote netip.AddrPort, cfg *tcp.Config) (Handle, error) {
	e := &tcpEntry{set: s}
	h, ok := s.sockets.insert(e)
	if !ok {
		return Handle{}, fmt.Errorf("%w (limit %d)", ErrSetFull, s.limits.Sockets)
	}
	e.handle = h
	if err := s.ifc.Connect(&e.conn, e, remote, cfg); err != nil {
		s.sockets.remove(h)
		return Handle{}, err
	}
	return h, nil
}

// Listen accepts connections to local, whose address may be unspecified (every address of the interface) and whose port may not be 0.
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

// Accept gives the handle of the oldest connection that waits at the listener, false when there is none or the set is full.
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
	e.handle, _ = s.sockets.insert(e)
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

// Remove forgets h. A connection that was closed before goes on in the background until both ends have finished; one that was not is
// reset. It reports whether h named something.
func (s *TCPSocketSet) Remove(h Handle) bool {
	e, ok := s.sockets.remove(h)
	if ok {
		e.handle = Handle{}
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

// Len is the number of sockets with a handle.
func (s *TCPSocketSet) Len() int { return s.sockets.len() }

// Ready yields, and takes off its list, every handle whose socket had news since it was last yielded: connected, readable, writable
// again, closed by the peer, failed. It tells of changes: a reader takes what is there until [tcp.ErrWouldBlock].
func (s *TCPSocketSet) Ready() iter.Seq[Handle] { return s.yield }

func (s *TCPSocketSet) drainReady(yield func(Handle) bool) {
	for h, ok := s.ready.pop(); ok; h, ok = s.ready.pop() {
		e, live := s.sockets.get(h)
		if !live {
			continue
		}
		e.told = false
		if !yield(h) {
			return
		}
	}
}

// ConnEvent implements [iface.Owner].
func (e *tcpEntry) ConnEvent(*iface.Conn) { e.set.tell(e) }

func (s *TCPSocketSet) tell(e *tcpEntry) {
	if !e.told && !e.handle.IsZero() {
		e.told = true
		s.ready.push(e.handle)
	}
}
