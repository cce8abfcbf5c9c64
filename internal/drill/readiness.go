package drill

import (
	"time"

	"smoltls/tcp"
)

// PollFD is one descriptor that Poll is asked about.
type PollFD struct {
	FD      int
	Events  int // asked for
	Revents int // the answer
}

// Poll waits until one of the descriptors has an event, or the timeout, when that is not negative, is over; it gives
// how many have one.
func (w *World) Poll(fds []PollFD, timeout time.Duration, who Caller) (int, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	ready := func() bool {
		n = 0
		for k := range fds {
			f := &fds[k]
			f.Revents = w.events(f.FD) & (f.Events | PollErr | PollHup | PollNval)
			if f.Revents != 0 {
				n++
			}
		}
		return n > 0
	}
	w.poll()
	switch {
	case ready() || timeout == 0:
		return n, 0
	case timeout < 0:
		if !w.block(who, ready) {
			return -1, EDEADLK
		}
		return n, 0
	}
	until := w.now.Add(timeout)
	if who == Waits {
		w.block(who, func() bool { return ready() || !w.now.Before(until) })
		return n, 0
	}
	for !ready() && w.step(until) {
	}
	if n == 0 {
		w.now = until
		w.poll()
	}
	ready()
	return n, 0
}

// events gives what can be done with a descriptor, as Linux tells it.
func (w *World) events(fd int) (e int) {
	s, ok := w.descriptors[fd]
	if !ok {
		return PollNval
	}
	if s.listener != nil {
		return w.listenerEvents(s)
	}
	if s.conn == nil {
		return PollOut | PollHup
	}
	st := s.conn.State()
	if s.conn.Readable() || s.noRead {
		e |= PollIn
	}
	if s.conn.PeerClosed() || s.noRead {
		e |= PollIn | PollRdhup
	}
	if s.conn.Writable() && s.opened() || st == tcp.StateClosed {
		e |= PollOut
	}
	if s.conn.Err() != nil {
		e |= PollIn | PollOut
		if !s.told {
			e |= PollErr
		}
	}
	if st == tcp.StateClosed {
		e |= PollHup | PollIn | PollRdhup
	}
	return e
}

// listenerEvents looks for a connection that waits, and keeps it for Accept.
func (w *World) listenerEvents(s *socket) int {
	if s.waiting == nil {
		s.waiting, _ = s.listener.Accept()
	}
	if s.waiting != nil {
		return PollIn
	}
	return 0
}
