package set

import (
	"fmt"
	"net/netip"
	"slices"

	"smoltls/iface"
	"smoltls/tlssock"
)

// Listen accepts TLS connections to local, whose address may be unspecified (every address of the interface) and whose
// port may not. Errors: what makes cfg.TLS unusable for a server, [ErrListenersFull], and those of
// [iface.Interface.Listen] (address in use).
func (s *TLSSocketSet) Listen(local netip.AddrPort, cfg ListenConfig) (ListenerHandle, error) {
	if err := cfg.TLS.Check(tlssock.RoleServer); err != nil {
		return ListenerHandle{}, err
	}
	l := &tlsListener{cfg: cfg}
	h, ok := s.listeners.insert(l)
	if !ok {
		return ListenerHandle{}, fmt.Errorf("%w (limit %d)", ErrListenersFull, s.limits.Listeners)
	}
	alloc := func() (*iface.Conn, iface.Owner) {
		if s.sockets.full() {
			return nil, nil
		}
		e := &tlsEntry{set: s}
		e.onItsWay().listener = l
		return &e.conn, e
	}
	if err := s.ifc.Listen(&l.Listener, local, cfg.TCP, alloc); err != nil {
		s.listeners.remove(h)
		return ListenerHandle{}, err
	}
	return ListenerHandle{h}, nil
}

// Accept gives the handle of the oldest connection under the listener whose handshake is done, or as
// [ListenConfig].AcceptEarly says; false when there is none or the set is full. Connections whose handshake failed are
// not seen here: see [ListenConfig].HandshakeFailed.
func (s *TLSSocketSet) Accept(lh ListenerHandle) (Handle, bool) {
	l, ok := s.listeners.get(lh.h)
	if !ok || s.sockets.full() {
		return Handle{}, false
	}
	e, ok := l.done.pop()
	if !ok {
		return Handle{}, false
	}
	e.accepted()
	s.insert(e)
	s.tell(e) // what arrived before Accept is news too
	if l.blocked {
		s.unblock()
	}
	return e.handle, true
}

// RemoveListener ends a listener: no new connections; those that nobody accepted are reset. It reports whether lh named
// something.
func (s *TLSSocketSet) RemoveListener(lh ListenerHandle) bool {
	l, ok := s.listeners.remove(lh.h)
	if !ok {
		return false
	}
	l.closed = true
	l.Close()
	for e, ok := l.done.pop(); ok; e, ok = l.done.pop() {
		s.abort(e)
	}
	s.unblock() // one that was given out early has left its place among the handshakes
	return true
}

// pull begins the TLS handshake of connections that TCP has established, as far as the bounds permit.
func (s *TLSSocketSet) pull(l *tlsListener) {
	for !l.closed {
		if s.handshaking.n >= s.limits.Handshakes || l.done.len() >= s.limits.AcceptBacklog {
			s.block(l)
			return
		}
		c, ok := l.Accept()
		if !ok {
			return
		}
		e := c.Owner().(*tlsEntry)
		if err := e.tls.Init(s.env, &e.conn.Socket, l.cfg.TLS, tlssock.RoleServer); err != nil {
			if f := l.cfg.HandshakeFailed; f != nil {
				f(e.conn.RemoteAddr(), err)
			}
			s.abort(e)
			continue
		}
		s.startHandshake(e)
		e.ConnEvent(c) // the ClientHello may be there already
	}
}

func (s *TLSSocketSet) block(l *tlsListener) {
	if !l.blocked {
		l.blocked = true
		s.blocked = append(s.blocked, l)
	}
}

// unblock lets listeners that had to wait try again.
func (s *TLSSocketSet) unblock() {
	n := len(s.blocked)
	for i := range n {
		l := s.blocked[i]
		l.blocked = false
		s.pull(l)
	}
	s.blocked = slices.Delete(s.blocked, 0, n)
}
