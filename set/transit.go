package set

import "smoltls/tcp"

// transit is what an entry has on its way in, until its handshake is done and it was accepted, and on its way out: open
// ones, of which there may be very many, have a pointer's room for it only.
type transit struct {
	listener   *tlsListener // until Accept
	prev, next *tlsEntry    // neighbours in a timeline
	deadline   tcp.Instant
}

// keepTransits is how many a set keeps for the next entries.
const keepTransits = 64

// onItsWay gives e's transit, and one if it has none.
func (e *tlsEntry) onItsWay() *transit {
	if e.way == nil {
		if last := len(e.set.transits) - 1; last >= 0 {
			e.way = e.set.transits[last]
			e.set.transits = e.set.transits[:last]
		} else {
			e.way = &transit{}
		}
	}
	return e.way
}

// listener gives the listener under which e waits to be accepted; nil: none.
func (e *tlsEntry) listener() *tlsListener {
	if e.way == nil {
		return nil
	}
	return e.way.listener
}

// accepted says that e waits under no listener any more.
func (e *tlsEntry) accepted() {
	if e.way != nil {
		e.way.listener = nil
		e.arrive()
	}
}

// arrive gives e's transit back, if it is on no way.
func (e *tlsEntry) arrive() {
	if e.way == nil || e.way.listener != nil || e.line != 0 {
		return
	}
	*e.way = transit{}
	if len(e.set.transits) < keepTransits {
		e.set.transits = append(e.set.transits, e.way)
	}
	e.way = nil
}
