package set

import (
	"slices"
	"time"

	"smoltls/tcp"
	"smoltls/tlssock"
)

// advance takes each entry with news one step on, but of handshakes only so many, then ends what has taken too long. It
// gives the number of handshakes' steps.
func (s *TLSSocketSet) advance(now time.Time, handshakes int) (steps int) {
	if s == nil {
		return 0
	}
	s.now = s.instant(now)
	s.env.Now = now
	// An entry that gets news from its own step waits for the next round: one socket can't hold the loop.
	n := len(s.work)
	for i := range n {
		if e := s.work[i]; e.phase == phaseHandshake {
			s.shaking.push(e)
		} else {
			e.queued = false
			s.step(e)
		}
	}
	s.work = slices.Delete(s.work, 0, n)
	for n := s.shaking.len(); n > 0 && steps < handshakes; n-- {
		e, _ := s.shaking.pop()
		e.queued = false
		if e.hasFlight() {
			steps++
		}
		s.step(e)
	}
	s.expire()
	s.awake.sweep(s.now)
	return steps
}

// hasFlight reports whether e's next step in its handshake may cost something: a server that has not been sent anything
// only looks, and what ended while it waited for its share has none.
func (e *tlsEntry) hasFlight() bool {
	return e.phase == phaseHandshake && (e.listener() == nil || e.conn.ReadBuffered() > 0)
}

func (s *TLSSocketSet) step(e *tlsEntry) {
	switch e.phase {
	case phaseBacklog:
		s.pull(e.listener())
	case phaseHandshake:
		if e.tls.Advance() {
			s.tell(e)
		}
		s.notePending(e)
		s.handshakeStep(e)
	case phaseOpen:
		if e.tls.Advance() {
			s.tell(e)
		}
		s.notePending(e)
		s.awake.touch(e)
	case phaseLinger:
		e.tls.Advance()
		if e.tls.Finished() {
			s.release(e)
		}
	}
}

func (s *TLSSocketSet) startHandshake(e *tlsEntry) {
	e.phase = phaseHandshake
	deadline := tcp.Never
	if s.limits.HandshakeTimeout > 0 {
		deadline = s.now + tcp.Instant(s.limits.HandshakeTimeout)
	}
	s.handshaking.add(e, deadline)
}

// handshakeStep looks whether e's handshake has ended, well or not.
func (s *TLSSocketSet) handshakeStep(e *tlsEntry) {
	failed := e.tls.Err() != nil || e.tls.State() == tlssock.StateClosing || e.tls.State() == tlssock.StateClosed
	if !failed && !e.tls.Engine().HandshakeComplete() {
		s.giveEarly(e)
		return
	}
	s.handshaking.remove(e)
	l := e.listener()
	switch {
	case l == nil: // a client's, or the caller's already
		e.phase = phaseOpen
		s.awake.touch(e)
	case failed:
		if f := l.cfg.HandshakeFailed; f != nil {
			f(e.conn.RemoteAddr(), e.tls.Err())
		}
		e.accepted()
		s.forget(e)
	case l.closed:
		s.abort(e)
	default:
		e.phase = phaseOpen
		s.awake.touch(e)
		l.done.push(e)
	}
	s.unblock() // a place among the handshakes is free
}

// giveEarly lets Accept have a connection whose early data was accepted, if its listener wants that. Its handshake goes
// on under its bound and its timeout.
func (s *TLSSocketSet) giveEarly(e *tlsEntry) {
	if l := e.listener(); l != nil && l.cfg.AcceptEarly && !l.closed && e.tls.Engine().EarlyDataRoom() > 0 {
		e.accepted()
		l.done.push(e)
	}
}

// expire ends handshakes and lingering sockets whose time is up.
func (s *TLSSocketSet) expire() {
	s.expireGuarded()
	for e := s.handshaking.first; e != nil && e.way.deadline <= s.now; e = s.handshaking.first {
		e.tls.Fail(ErrHandshakeTimeout)
		s.tell(e)
		s.handshakeStep(e)
	}
	for e := s.lingering.first; e != nil && e.way.deadline <= s.now; e = s.lingering.first {
		s.abort(e)
	}
}

// forget lets go of an entry without a handle: at once, or after it has sent what is left.
func (s *TLSSocketSet) forget(e *tlsEntry) {
	s.handshaking.remove(e)
	switch e.tls.State() {
	case tlssock.StateClosing, tlssock.StateClosed, tlssock.StateFailed:
		e.tls.Close() // nobody reads any more
	default:
		e.tls.Abort()
	}
	if e.tls.Finished() {
		s.release(e)
		return
	}
	e.phase = phaseLinger
	s.lingering.add(e, s.now+tcp.Instant(s.limits.Linger))
	if s.lingering.n > s.limits.Lingering {
		s.abort(s.lingering.first)
	}
}

// abort resets an entry's connection and lets go of it.
func (s *TLSSocketSet) abort(e *tlsEntry) {
	e.tls.Abort()
	s.release(e)
}

// release gives the connection to the interface, which ends TCP in the background.
func (s *TLSSocketSet) release(e *tlsEntry) {
	s.handshaking.remove(e)
	s.lingering.remove(e)
	e.phase = phaseGone
	e.tls.Free()
	s.ifc.Release(&e.conn)
}
