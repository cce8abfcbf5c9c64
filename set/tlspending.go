package set

import (
	"iter"
	"net/netip"

	"smoltls/tlssock"
)

// Pending yields, once each, what sockets wait for: signatures, certificates, configurations, verdicts that a callback
// or a key said would come later. It sees those of listeners too, which nobody has accepted yet. The answer goes to
// Deliver, as many polls later as it takes; until then the others go on, and [Limits].HandshakeTimeout runs. A loop
// that breaks leaves the rest for the next one.
//
// How many can wait is bounded by [Limits].Handshakes.
func (s *TLSSocketSet) Pending() iter.Seq[*tlssock.Pending] {
	return func(yield func(*tlssock.Pending) bool) {
		for len(s.asked) > 0 {
			p := s.asked[0]
			s.asked[0] = nil
			s.asked = s.asked[1:]
			if s.asking(p) != nil && !yield(p) {
				return
			}
		}
		s.asked = nil
	}
}

// Deliver gives the answer to what a socket waits for, and the next poll, which is due at once, takes the socket on. It
// fails with [tlssock.ErrNotPending], and nothing else happens, when that is not waited for any more: the socket was
// removed, has failed or taken too long, or the answer was given before.
func (s *TLSSocketSet) Deliver(p *tlssock.Pending, a tlssock.Answer) error {
	e := s.asking(p)
	if e == nil {
		return tlssock.ErrNotPending
	}
	e.ConnEvent(&e.conn)
	if err := e.tls.Deliver(p, a); err == tlssock.ErrNotPending {
		return err
	}
	return nil // why a socket failed, it says itself
}

// PendingAddrs gives the two ends of the connection that p belongs to; false when nothing waits for it any more.
func (s *TLSSocketSet) PendingAddrs(p *tlssock.Pending) (local, remote netip.AddrPort, ok bool) {
	e := s.asking(p)
	if e == nil {
		return local, remote, false
	}
	return e.conn.LocalAddr(), e.conn.RemoteAddr(), true
}

// PendingHandle gives the handle of the socket that p belongs to; false when nothing waits for it any more, or nobody
// has accepted the socket yet.
func (s *TLSSocketSet) PendingHandle(p *tlssock.Pending) (Handle, bool) {
	e := s.asking(p)
	if e == nil || e.handle.IsZero() {
		return Handle{}, false
	}
	return e.handle, true
}

// asking gives the entry that waits for p, nil if none does.
func (s *TLSSocketSet) asking(p *tlssock.Pending) *tlsEntry {
	if p == nil {
		return nil
	}
	e, ok := p.Owner.(*tlsEntry)
	if !ok || e.set != s || e.phase == phaseGone || e.tls.Pending() != p {
		return nil
	}
	return e
}

// notePending lists what e waits for, if that is new.
func (s *TLSSocketSet) notePending(e *tlsEntry) {
	p := e.tls.Pending()
	if p == nil || p.Owner != nil {
		return
	}
	p.Owner = e
	s.noteGuarded(p)
	s.asked = prune(s.asked, func(old *tlssock.Pending) bool { return s.asking(old) == nil }) // a caller may never look at it
	s.asked = append(s.asked, p)
}
