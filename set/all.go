package set

import "iter"

// All yields every handle, in the order of their places: for displays and for counting, not for finding work, which is
// what Ready is for. It takes as long as there are, or were, places. Sockets may be removed meanwhile.
func (c *core[E, P]) All() iter.Seq[Handle] {
	return func(yield func(Handle) bool) {
		for i := range c.sockets.slots {
			s := &c.sockets.slots[i]
			if s.entry != nil && !yield(Handle{uint32(i), s.gen}) {
				return
			}
		}
	}
}

// Handshaking is the number of connections whose handshake is under way: those of listeners too, which have no handle
// yet.
func (s *TLSSocketSet) Handshaking() int { return s.handshaking.n }
