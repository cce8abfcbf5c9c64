package iface

import (
	"errors"
	"net/netip"

	"smoltls/internal/bufpool"
	"smoltls/internal/dgram"
)

// Errors of datagram sockets. errors.Is finds them.
var (
	ErrWouldBlock  = errors.New("iface: not now")
	ErrTooBig      = errors.New("iface: longer than a packet can be")
	ErrShortBuffer = errors.New("iface: the datagram is longer than the buffer")
	ErrClosed      = errors.New("iface: socket is closed")
	ErrRefused     = errors.New("iface: nobody listens on that port")
	ErrUnreachable = errors.New("iface: there is no way to that address")
	ErrHopLimit    = errors.New("iface: the hop limit is used up on the way")
)

// PacketOwner is told when a socket for datagrams has become readable, or writable again, or has an error to tell. It
// is called in the middle of the interface's work and must not call the interface.
type PacketOwner interface{ PacketEvent() }

// PacketConfig says how a socket for datagrams behaves. A bound of zero or less is its default.
type PacketConfig struct {
	RecvPackets, SendPackets int // datagrams; default [DefaultPackets]
	RecvBytes, SendBytes     int // bytes in them; default [DefaultPacketBytes]

	HopLimit     uint8 // of datagrams whose Meta does not say; 0: the interface's, and 1 to multicast groups
	Traffic      uint8 // of datagrams whose Meta does not say: DSCP in the upper six bits, ECN in the lower two
	DontFragment bool  // what is longer than the path's MTU, as far as that is known, is refused with [ErrTooBig]; see [Interface.PathMTU]
}

// Defaults of [PacketConfig].
const (
	DefaultPackets     = 256
	DefaultPacketBytes = 256 << 10
)

func (c PacketConfig) withDefaults() PacketConfig {
	for _, f := range []struct {
		v   *int
		def int
	}{{&c.RecvPackets, DefaultPackets}, {&c.SendPackets, DefaultPackets}, {&c.RecvBytes, DefaultPacketBytes}, {&c.SendBytes, DefaultPacketBytes}} {
		if *f.v <= 0 {
			*f.v = f.def
		}
	}
	return c
}

// Meta is what goes with a datagram. When sending, zero fields are chosen by the interface.
type Meta struct {
	Remote   netip.AddrPort // the other end; the port is 0 where there are none
	Local    netip.Addr     // our address
	HopLimit uint8          // or TTL; default [PacketConfig].HopLimit
	Traffic  uint8          // DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168)
}

// packets is what all sockets for datagrams have: two bounded queues, a place in the list of those with something to
// send, and who hears of news.
type packets struct {
	ifc     *Interface // nil: not open
	owner   PacketOwner
	in, out dgram.Queue[Meta]
	err     error  // told once
	dropped uint64 // datagrams that came and found the queue full
	next    *packets
	awake   bool // stands in the list of those with something to send
	refused bool // TrySend found no room: its end is news
	whole   bool // what it sends may not be fragmented
	hops    uint8
	traffic uint8
	emit    func(*Interface) (blocked bool)
}

func (s *packets) open(i *Interface, o PacketOwner, c PacketConfig, pool *bufpool.Pool, emit func(*Interface) bool) {
	c = c.withDefaults()
	*s = packets{ifc: i, owner: o, emit: emit, whole: c.DontFragment, hops: c.HopLimit, traffic: c.Traffic}
	s.in.Init(pool, c.RecvPackets, c.RecvBytes)
	s.out.Init(pool, c.SendPackets, c.SendBytes)
}

// shut gives back all memory. What was to be sent is lost: UDP promises nothing.
func (s *packets) shut() {
	s.in.Clear()
	s.out.Clear()
	s.ifc, s.err = nil, ErrClosed
}

// push queues a datagram to be sent with the next Egress, with room bytes before it.
func (s *packets) push(m Meta, room int, p []byte) error {
	switch {
	case s.ifc == nil:
		return ErrClosed
	case room+len(p) > maxDatagram:
		return ErrTooBig
	}
	if err := s.takeErr(); err != nil {
		return err
	}
	if m.HopLimit == 0 {
		m.HopLimit = s.hops
	}
	if m.Traffic == 0 {
		m.Traffic = s.traffic
	}
	b := s.out.Push(m, room, len(p))
	if b == nil {
		s.refused = true
		return ErrWouldBlock
	}
	copy(b[room:], p)
	if !s.awake {
		s.awake = true
		s.ifc.senders.push(s)
	}
	return nil
}

// deliver queues what came. false: there is no room.
func (s *packets) deliver(m Meta, p []byte) bool {
	b := s.in.Push(m, 0, len(p))
	if b == nil {
		s.dropped++
		return false
	}
	copy(b, p)
	s.tell()
	return true
}

// fail is an error that is told once, by the next call.
func (s *packets) fail(err error) {
	s.err = err
	s.tell()
}

func (s *packets) takeErr() error {
	err := s.err
	if err != ErrClosed {
		s.err = nil
	}
	return err
}

func (s *packets) tell() {
	if s.owner != nil {
		s.owner.PacketEvent()
	}
}

// Peek gives the oldest datagram that came, where it lies, and what goes with it; both are good until Discard. Errors:
// [ErrWouldBlock] when there is none, [ErrClosed], and what ICMP told since the last call.
func (s *packets) Peek() ([]byte, Meta, error) {
	if err := s.takeErr(); err != nil {
		return nil, Meta{}, err
	}
	b, m := s.in.Front()
	if b == nil {
		return nil, Meta{}, ErrWouldBlock
	}
	return b, *m, nil
}

// Discard takes the oldest datagram that came out of the queue.
func (s *packets) Discard() { s.in.Pop() }

// TryRecv copies the oldest datagram that came into p. One that is longer than p stays: [ErrShortBuffer], with its
// length. Other errors as of Peek.
func (s *packets) TryRecv(p []byte) (n int, m Meta, err error) {
	b, m, err := s.Peek()
	if err != nil {
		return 0, m, err
	}
	if len(b) > len(p) {
		return len(b), m, ErrShortBuffer
	}
	n = copy(p, b)
	s.Discard()
	return n, m, nil
}

// Readable reports whether TryRecv would give something other than [ErrWouldBlock].
func (s *packets) Readable() bool { return s.in.Len() > 0 || s.err != nil }

// Unsent is how many datagrams have not left yet.
func (s *packets) Unsent() int { return s.out.Len() }

// Dropped counts the datagrams that came for this socket and found its queue full.
func (s *packets) Dropped() uint64 { return s.dropped }

// senderList is a first-in, first-out list through packets.next.
type senderList struct{ head, tail *packets }

func (l *senderList) push(s *packets) {
	s.next = nil
	if l.tail == nil {
		l.head = s
	} else {
		l.tail.next = s
	}
	l.tail = s
}

func (l *senderList) pushFront(s *packets) {
	s.next = l.head
	l.head = s
	if l.tail == nil {
		l.tail = s
	}
}

func (l *senderList) pop() *packets {
	s := l.head
	if s == nil {
		return nil
	}
	if l.head = s.next; l.head == nil {
		l.tail = nil
	}
	s.next = nil
	return s
}

// sendPackets lets sockets for datagrams send, one datagram a turn, up to limit. It reports how many went out.
func (i *Interface) sendPackets(limit int) (n int) {
	for n < limit {
		s := i.senders.pop()
		if s == nil {
			return n
		}
		if s.out.Len() == 0 { // closed meanwhile
			s.awake = false
			continue
		}
		if s.emit(i) {
			i.senders.pushFront(s)
			i.blocked = true
			return n
		}
		s.out.Pop()
		n++
		if s.refused {
			s.refused = false
			s.tell()
		}
		if s.out.Len() > 0 {
			i.senders.push(s)
		} else {
			s.awake = false
		}
	}
	return n
}
