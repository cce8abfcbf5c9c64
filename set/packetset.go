package set

import (
	"fmt"

	"smoltls/iface"
)

// packetSet is what the sets of datagram sockets have in common. They need no place in [Poll]: what a socket sends
// leaves with the interface's Egress, and what comes for it is there after Ingress.
type packetSet[S any] struct {
	core[packetEntry[S], *packetEntry[S]]
	ifc    *iface.Interface
	limits Limits
	close  func(*S)
}

// packetEntry is one socket and its place in the set, in one allocation.
type packetEntry[S any] struct {
	socket S
	set    *packetSet[S]
	place
}

// PacketEvent implements [iface.PacketOwner].
func (e *packetEntry[S]) PacketEvent() { e.set.tell(e) }

func newPacketSet[S any](ifc *iface.Interface, limits Limits, close func(*S)) packetSet[S] {
	l := limits.withDefaults()
	s := packetSet[S]{ifc: ifc, limits: l, close: close}
	s.init(l.Sockets)
	return s
}

// add makes a socket, which open opens, and gives its handle.
func (s *packetSet[S]) add(open func(*S, iface.PacketOwner) error) (Handle, error) {
	e := &packetEntry[S]{set: s}
	h, ok := s.insert(e)
	if !ok {
		return Handle{}, fmt.Errorf("%w (limit %d)", ErrSetFull, s.limits.Sockets)
	}
	if err := open(&e.socket, e); err != nil {
		s.remove(h)
		return Handle{}, err
	}
	return h, nil
}

// Get gives the socket that h names. The pointer stays good until h is removed.
func (s *packetSet[S]) Get(h Handle) (*S, bool) {
	e, ok := s.sockets.get(h)
	if !ok {
		return nil, false
	}
	return &e.socket, true
}

// Remove closes the socket that h names, and forgets it. What it had still to send is lost. It reports whether h named
// something.
func (s *packetSet[S]) Remove(h Handle) bool {
	e, ok := s.remove(h)
	if ok {
		s.close(&e.socket)
	}
	return ok
}
