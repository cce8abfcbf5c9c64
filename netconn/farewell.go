package netconn

import (
	"time"

	"smoltls/set"
	"smoltls/tcp"
)

// farewells are TCP connections that were closed with something left to send. What still arrives is read and forgotten
// until the peer has acknowledged everything: an answer to it by reset (RFC 2525 §2.17) would overtake, or take away,
// what was written last, which often says why we close. Connections of TLS have that from their set.
type farewells struct {
	patience time.Duration
	byHandle map[set.Handle]*farewell
	queue    []*farewell // in the order of their ends, with some that are over
	remove   func(set.Handle)
}

type farewell struct {
	h     set.Handle
	s     *tcp.Socket
	until time.Time
}

func (f *farewells) init(limits set.Limits, remove func(set.Handle)) {
	f.patience = limits.Linger
	if f.patience == 0 {
		f.patience = set.DefaultLinger
	}
	f.byHandle, f.remove = make(map[set.Handle]*farewell), remove
}

// take closes s; false when nothing is left to send, and s is as before.
func (f *farewells) take(h set.Handle, s *tcp.Socket, now time.Time) bool {
	if s.WriteBuffered() == 0 || s.State() == tcp.StateClosed {
		return false
	}
	_ = s.CloseWrite() // it may have been called before
	one := &farewell{h, s, now.Add(f.patience)}
	f.byHandle[h] = one
	f.queue = append(f.queue, one)
	f.news(h)
	return true
}

// news looks whether a connection that was closed is done.
func (f *farewells) news(h set.Handle) {
	one := f.byHandle[h]
	if one == nil {
		return
	}
	_, _ = one.s.Discard(one.s.ReadBuffered())
	switch one.s.State() {
	case tcp.StateEstablished, tcp.StateSynReceived, tcp.StateCloseWait, tcp.StateFinWait1, tcp.StateClosing, tcp.StateLastAck:
	default:
		f.end(one)
	}
}

// end leaves a connection to TCP.
func (f *farewells) end(one *farewell) {
	if f.byHandle[one.h] != one {
		return
	}
	delete(f.byHandle, one.h)
	_ = one.s.Close()
	f.remove(one.h)
	one.s = nil
}

// expire ends those that take too long, and gives when the next one will; zero: never.
func (f *farewells) expire(now time.Time) time.Time {
	for len(f.queue) > 0 {
		one := f.queue[0]
		if one.s != nil && now.Before(one.until) {
			return one.until
		}
		f.end(one)
		f.queue[0] = nil
		f.queue = f.queue[1:]
	}
	f.queue = nil
	return time.Time{}
}
