package tcp

// acceptQueue holds the established connections of a listener that nobody has accepted yet, oldest first. One that
// closes before its turn leaves an empty place. Each socket knows its place, so that leaving costs nothing.
type acceptQueue struct {
	places     []*Socket // a ring whose length is a power of two
	head, tail uint32    // first place that may be taken, first that was not given yet
	live       int       // sockets in it
}

func (q *acceptQueue) at(pos uint32) **Socket { return &q.places[pos&uint32(len(q.places)-1)] }

func (q *acceptQueue) push(s *Socket) {
	if int(q.tail-q.head) == len(q.places) {
		q.tidy()
	}
	s.listenPos = q.tail
	*q.at(q.tail) = s
	q.tail++
	q.live++
}

// tidy closes up the empty places, and doubles the ring if fewer than half of them are empty.
func (q *acceptQueue) tidy() {
	old := *q
	if size := len(old.places); q.live >= size/2 {
		q.places = make([]*Socket, max(8, 2*size))
	}
	q.tail = q.head
	for pos := old.head; pos != old.tail; pos++ {
		s := *old.at(pos)
		*old.at(pos) = nil
		if s != nil {
			s.listenPos = q.tail
			*q.at(q.tail) = s
			q.tail++
		}
	}
}

// pop takes the oldest; nil when there is none.
func (q *acceptQueue) pop() *Socket {
	for q.head != q.tail {
		p := q.at(q.head)
		s := *p
		*p = nil
		q.head++
		if s != nil {
			q.live--
			return s
		}
	}
	return nil
}

// remove takes out s, which stands in q.
func (q *acceptQueue) remove(s *Socket) {
	*q.at(s.listenPos) = nil
	q.live--
}
