package iface

import (
	"fmt"
	"net/netip"

	"smoltls/tcp"
)

// Listener accepts connections to one port. It is made by [Interface.Listen]; its memory belongs to the caller.
type Listener struct {
	tcp   tcp.Listener
	ifc   *Interface
	local netip.AddrPort
	alloc func() (*Conn, Owner)
}

// Listen makes l accept connections to local, whose address is one of ours, or unspecified: IPv4's for every IPv4
// address of ours, IPv6's for every address of both families. alloc gives the memory and the owner of each connection,
// when its SYN arrives; nil refuses it. Errors: [ErrAddress] (no port), [ErrNotOurs], [ErrAddrInUse], [ErrInUse],
// [ErrNoMemory] (no alloc).
func (i *Interface) Listen(l *Listener, local netip.AddrPort, cfg tcp.ListenConfig, alloc func() (*Conn, Owner)) error {
	if l.ifc != nil {
		return ErrInUse
	}
	if alloc == nil {
		return ErrNoMemory
	}
	a := plain(local.Addr())
	if !a.IsValid() || local.Port() == 0 {
		return fmt.Errorf("%w: %v", ErrAddress, local)
	}
	if !a.IsUnspecified() && !i.isOurs(a) {
		return fmt.Errorf("%w: %v", ErrNotOurs, a)
	}
	local = netip.AddrPortFrom(a, local.Port())
	if _, taken := i.listeners[local]; taken {
		return fmt.Errorf("%w: %v", ErrAddrInUse, local)
	}
	*l = Listener{ifc: i, local: local, alloc: alloc}
	l.tcp.Init(&i.env, cfg)
	i.listeners[local] = l
	return nil
}

// Addr gives what l listens on.
func (l *Listener) Addr() netip.AddrPort { return l.local }

// Accept gives the established connection that has waited longest.
func (l *Listener) Accept() (*Conn, bool) {
	s, ok := l.tcp.Accept()
	if !ok {
		return nil, false
	}
	return s.Host().(*Conn), true
}

// Close ends the listener; connections that nobody accepted are reset. Closing twice does nothing.
func (l *Listener) Close() {
	if l.ifc == nil {
		return
	}
	delete(l.ifc.listeners, l.local)
	l.tcp.Close()
	l.ifc = nil
}

// listener finds who accepts connections to addr:port: the exact address first, then every address of its family, then
// every address.
func (i *Interface) listener(addr netip.Addr, port uint16) *Listener {
	if l := i.listeners[netip.AddrPortFrom(addr, port)]; l != nil {
		return l
	}
	if addr.Is4() {
		if l := i.listeners[netip.AddrPortFrom(netip.IPv4Unspecified(), port)]; l != nil {
			return l
		}
	}
	return i.listeners[netip.AddrPortFrom(netip.IPv6Unspecified(), port)]
}

// open begins the connection that syn, in p, asks for.
func (l *Listener) open(p *packet, syn *tcp.Segment) DropReason {
	switch l.tcp.Admit() {
	case tcp.AdmitNone:
		return DropListenerFull
	case tcp.AdmitCookie:
		return l.answer(p, syn)
	}
	return l.begin(p, syn, l.ifc.isn(&p.tuple))
}

// reopen is open in the place of old, which is in TIME-WAIT. The new numbers lie beyond the old ones, as a cookie's
// could not: no more of these come than there were connections, whatever the queue's bound.
func (l *Listener) reopen(p *packet, syn *tcp.Segment, old *Conn) DropReason {
	if l.tcp.Admit() == tcp.AdmitNone {
		return DropListenerFull
	}
	iss := old.Beyond(l.ifc.isn(&p.tuple))
	old.Fail(nil)
	l.ifc.detach(old)
	return l.begin(p, syn, iss)
}

// begin makes the connection, whose first number is iss.
func (l *Listener) begin(p *packet, syn *tcp.Segment, iss tcp.Seq) DropReason {
	c, reason := l.conn(&p.tuple)
	if c != nil {
		l.tcp.Open(l.ifc.now, &c.Socket, syn, iss, l.ifc.mss(&p.tuple))
	}
	return reason
}

// answer answers syn, in p, by a cookie.
func (l *Listener) answer(p *packet, syn *tcp.Segment) DropReason {
	i, t := l.ifc, &p.tuple
	if i.full() {
		return DropConnsFull
	}
	b := t.bytes()
	if !i.reply(p, protoTCP, func(buf []byte) int { return l.tcp.Cookie(i.now, b[:], syn, i.mss(t), buf, t.pseudo()) }) {
		return DropListenerFull
	}
	return DropNone
}

// conn makes the connection that t names, closed as yet.
func (l *Listener) conn(t *tuple) (*Conn, DropReason) {
	if l.ifc.full() {
		return nil, DropConnsFull // before its owner is troubled
	}
	c, o := l.alloc()
	if c == nil {
		return nil, DropListenerFull
	}
	if l.ifc.attach(c, o, *t, l.tcp.Config()) != nil {
		return nil, DropConnsFull
	}
	return c, DropNone
}

// takeCookie takes an ACK, in p, that belongs to no connection while cookies are out. One that brings none is answered
// by RST unless it has data: then what brought the cookie may be on its way again.
func (l *Listener) takeCookie(p *packet, ack *tcp.Segment) DropReason {
	reason, ok := l.restore(p, ack, nil)
	if !ok && len(ack.Payload) == 0 {
		l.ifc.reset(p, ack)
	}
	return reason
}

// restore opens the connection whose SYN was answered by a cookie which ack, in p, brings back, and reports whether it
// brings one. half is a connection between the same ends that another SYN of this peer's has begun: it gives way, as
// the peer never got our answer to that, or did not heed it.
func (l *Listener) restore(p *packet, ack *tcp.Segment, half *Conn) (DropReason, bool) {
	i, t := l.ifc, &p.tuple
	b := t.bytes()
	h, ok := l.tcp.TakeCookie(i.now, b[:], ack)
	if !ok {
		return DropNoPort, false
	}
	if half != nil {
		half.Fail(nil)
		i.detach(half)
	}
	if l.tcp.Admit() == tcp.AdmitNone {
		return DropListenerFull, true // it comes again with the first data, or when that is not acknowledged
	}
	c, reason := l.conn(t)
	if c != nil {
		l.tcp.Restore(i.now, &c.Socket, &h, i.mss(t))
	}
	return reason, true
}
