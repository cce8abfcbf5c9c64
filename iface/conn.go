package iface

import (
	"fmt"
	"net/netip"

	"smoltls/tcp"
)

// Owner is told when what can be done with a connection has changed: connected, readable, writable again, closed,
// failed. It is called in the middle of the interface's work and must not call the interface; it notes the event and
// acts later.
type Owner interface{ ConnEvent(c *Conn) }

// Conn is a TCP connection of an interface: a [tcp.Socket] with its addresses, and its places in the interface's
// structures. Its memory belongs to the caller of Connect, or of Listen's alloc.
type Conn struct {
	tcp.Socket
	ifc    *Interface
	owner  Owner // nil after Release
	next   *Conn // in the list of those awake, or waiting for the same neighbour
	hop    *neighbor
	due    tcp.Instant // in the heap
	heapAt int32       // place in the heap; -1: not in it
	pseudo uint32
	tuple  tuple
	flags  connFlags
	ipID   uint16 // of the last packet over IPv4
}

type connFlags uint8

const (
	connAwake  connFlags = 1 << iota // stands in the list of those awake
	connParked                       // waits for its neighbour
	connListed                       // the demultiplexer knows it
	connOrphan                       // released
	connLooped                       // with ourselves
)

// Wake implements [tcp.Host].
func (c *Conn) Wake() {
	if c.flags&(connAwake|connParked) == 0 && c.flags&connListed != 0 {
		c.flags |= connAwake
		c.ifc.awake.push(c)
	}
}

// Notify implements [tcp.Host].
func (c *Conn) Notify() {
	if c.owner != nil {
		c.owner.ConnEvent(c)
	}
}

// LocalAddr gives our end.
func (c *Conn) LocalAddr() netip.AddrPort { return c.tuple.localAddr() }

// RemoteAddr gives the peer's end.
func (c *Conn) RemoteAddr() netip.AddrPort { return c.tuple.remoteAddr() }

// Owner gives whom Connect, or Listen's alloc, named; nil after Release.
func (c *Conn) Owner() Owner { return c.owner }

// connList is a first-in, first-out list through Conn.next.
type connList struct{ head, tail *Conn }

func (l *connList) push(c *Conn) {
	c.next = nil
	if l.tail == nil {
		l.head = c
	} else {
		l.tail.next = c
	}
	l.tail = c
}

func (l *connList) pushFront(c *Conn) {
	c.next = l.head
	l.head = c
	if l.tail == nil {
		l.tail = c
	}
}

func (l *connList) pop() *Conn {
	c := l.head
	if c == nil {
		return nil
	}
	l.head = c.next
	if l.head == nil {
		l.tail = nil
	}
	c.next = nil
	return c
}

// Connect opens a connection from an address and a port of ours, chosen here, to remote. c is the caller's memory, o
// hears of its events. A nil cfg is the default. SYN leaves with the next Egress. Errors: [ErrAddress], [ErrNoRoute],
// [ErrNoSource], [ErrPortsUsedUp], [ErrConnsFull], [ErrInUse].
func (i *Interface) Connect(c *Conn, o Owner, remote netip.AddrPort, cfg *tcp.Config) error {
	return i.ConnectFrom(c, o, netip.AddrPort{}, remote, cfg)
}

// ConnectFrom is Connect from an address and a port that the caller chooses (RFC 9293 §3.9.1.1): an address that is
// invalid or unspecified, and a port of 0, are chosen here. Errors also: [ErrNotOurs], [ErrAddrInUse] when a connection
// from there to remote exists.
func (i *Interface) ConnectFrom(c *Conn, o Owner, local, remote netip.AddrPort, cfg *tcp.Config) error {
	dst := plain(remote.Addr())
	if dst.IsMulticast() || remote.Port() == 0 || i.isBroadcast(dst) {
		return fmt.Errorf("%w: %v", ErrAddress, remote)
	}
	from := plain(local.Addr())
	if from.IsValid() && from.IsUnspecified() {
		from = netip.Addr{}
	}
	src, err := i.sourceFor(dst, from)
	if err != nil {
		return err
	}
	to, port := netip.AddrPortFrom(dst, remote.Port()), local.Port()
	if port == 0 {
		if port, err = i.freePort(src, to); err != nil {
			return err
		}
	}
	t := makeTuple(netip.AddrPortFrom(src, port), to)
	if i.conns[t] != nil {
		return fmt.Errorf("%w: from %v to %v", ErrAddrInUse, netip.AddrPortFrom(src, port), to)
	}
	if err := i.attach(c, o, t, cfg); err != nil {
		return err
	}
	return c.Socket.Connect(i.now, port, remote.Port(), i.isn(&t), i.mss(&t))
}

// full reports whether the demultiplexer knows as many connections as it may.
func (i *Interface) full() bool { return len(i.conns) >= i.limits.Conns }

// attach makes c a connection that the demultiplexer knows.
func (i *Interface) attach(c *Conn, o Owner, t tuple, cfg *tcp.Config) error {
	if i.full() {
		return fmt.Errorf("%w (limit %d)", ErrConnsFull, i.limits.Conns)
	}
	if c.flags&(connListed|connAwake|connParked) != 0 { // it stands in lists of the interface
		return ErrInUse
	}
	*c = Conn{ifc: i, owner: o, heapAt: -1, tuple: t, pseudo: t.pseudo(), flags: connListed}
	c.ipID = uint16(i.flows.hash(c.pseudo, t.localPort, t.remotePort))
	if i.isOurs(t.remoteAddr().Addr()) {
		c.flags |= connLooped
	}
	c.Init(&i.env, c, cfg)
	i.conns[t] = c
	return nil
}

// detach makes the interface forget c, whose socket has closed.
func (i *Interface) detach(c *Conn) {
	if c.flags&connListed == 0 {
		return
	}
	c.flags &^= connListed
	if i.conns[c.tuple] == c {
		delete(i.conns, c.tuple)
	}
	if i.last == c {
		i.last = nil
	}
	if i.next.conn == c {
		i.next.conn = nil
	}
	i.timers.remove(c)
	if c.flags&connOrphan != 0 {
		i.orphans--
	}
}

// Release makes the owner forget c: it hears nothing more of it. A connection that was closed in good order goes on in
// the background until both ends are done; one that was not is reset. c's memory may be given up when the interface is
// done with it, which the garbage collector knows.
func (i *Interface) Release(c *Conn) {
	if c.ifc == nil || c.flags&connOrphan != 0 {
		return
	}
	c.owner = nil
	switch c.State() {
	case tcp.StateSynSent, tcp.StateSynReceived, tcp.StateEstablished, tcp.StateCloseWait:
		c.Abort()
	default:
		c.Close()
	}
	if c.flags&connListed == 0 {
		return
	}
	c.flags |= connOrphan
	i.orphans++
	i.boundOrphans(c)
}

// boundOrphans resets the oldest released connections while there are too many.
func (i *Interface) boundOrphans(c *Conn) {
	i.orphanQueue = append(i.orphanQueue, c)
	for i.orphans > i.limits.Orphans && len(i.orphanQueue) > 0 {
		old := i.orphanQueue[0]
		i.orphanQueue[0] = nil
		i.orphanQueue = i.orphanQueue[1:]
		if old.flags&connListed != 0 {
			old.Abort()
			if old.State() == tcp.StateClosed && old.flags&connAwake == 0 {
				i.detach(old)
			} else {
				i.orphans-- // it leaves with the next Egress
				old.flags &^= connOrphan
			}
		}
	}
	// Those that have ended meanwhile are dropped when they make up most of the queue.
	if len(i.orphanQueue) > 64 && len(i.orphanQueue) > 2*i.orphans {
		kept := i.orphanQueue[:0]
		for _, c := range i.orphanQueue {
			if c.flags&connListed != 0 {
				kept = append(kept, c)
			}
		}
		clear(i.orphanQueue[len(kept):])
		i.orphanQueue = kept
	}
}
