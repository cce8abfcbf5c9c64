package set

import "iter"

// place is where an entry stands in its set.
type place struct {
	handle Handle // zero: it has none (any more)
	told   bool   // stands in the ready list
	line   lineID // the timeline that it stands in; here because a byte costs nothing here
}

func (p *place) where() *place { return p }

// placed is a pointer to an entry that embeds a place.
type placed[E any] interface {
	*E
	where() *place
}

// core is what both kinds of set have: entries by handle, and the list of those with news.
type core[E any, P placed[E]] struct {
	sockets table[E]
	ready   fifo[Handle] // what [place].told marks
}

func (c *core[E, P]) init(most int) {
	c.sockets.max = most
}

// Len is the number of sockets with a handle.
func (c *core[E, P]) Len() int { return c.sockets.len() }

// Ready yields, and takes off its list, every handle whose socket had news since it was last yielded: connected (for
// TLS: handshake done), readable, writable again, closed by the peer, failed, for TLS also that it waits for an answer
// (see [TLSSocketSet.Pending]). It tells of changes: a reader takes what is there until [tlssock.ErrWouldBlock], which
// is also TCP's. A loop that breaks leaves the rest for the next one.
func (c *core[E, P]) Ready() iter.Seq[Handle] {
	return func(yield func(Handle) bool) { c.drain(yield) } // written so that a loop over it allocates nothing
}

func (c *core[E, P]) drain(yield func(Handle) bool) {
	for h, ok := c.ready.pop(); ok; h, ok = c.ready.pop() {
		e, live := c.sockets.get(h)
		if !live {
			continue
		}
		P(e).where().told = false
		if !yield(h) {
			return
		}
	}
}

// insert gives e its handle, or refuses when the set is full.
func (c *core[E, P]) insert(e P) (Handle, bool) {
	h, ok := c.sockets.insert(e)
	e.where().handle = h
	return h, ok
}

// remove makes h name nothing, and gives what it named.
func (c *core[E, P]) remove(h Handle) (P, bool) {
	e, ok := c.sockets.remove(h)
	if ok {
		P(e).where().handle = Handle{}
	}
	return e, ok
}

// tell puts e on the ready list, unless it stands there or has no handle.
func (c *core[E, P]) tell(e P) {
	if at := e.where(); !at.told && !at.handle.IsZero() {
		at.told = true
		c.ready.prune(func(h Handle) bool { _, live := c.sockets.get(h); return !live }) // a caller may never look at it
		c.ready.push(at.handle)
	}
}
