// Package dgram queues whole datagrams, each with a note of its own, within a bound on their number and on their bytes.
// Memory comes from a pool when there is something to hold and goes back when there is not.
package dgram

import "smoltls/internal/bufpool"

// Queue is first in, first out. Use Init; the zero Queue holds nothing. M is what is noted of each datagram.
type Queue[M any] struct {
	pool     *bufpool.Pool
	ring     []entry[M] // its length is a power of two, or zero
	head     int        // index of the oldest
	n        int
	bytes    int
	maxCount int
	maxBytes int
}

type entry[M any] struct {
	note M
	buf  []byte // of the pool
	data []byte // in buf
}

// Init makes q an empty queue of at most count datagrams and bytes bytes, room before each datagram included.
func (q *Queue[M]) Init(pool *bufpool.Pool, count, bytes int) {
	*q = Queue[M]{pool: pool, maxCount: count, maxBytes: bytes}
}

// Len is the number of datagrams in q.
func (q *Queue[M]) Len() int { return q.n }

// Bytes is how many bytes they have, room included.
func (q *Queue[M]) Bytes() int { return q.bytes }

// Push adds a datagram of n bytes and gives its memory to be filled, at once, with room bytes before it that belong to
// it too. nil: there is no room.
func (q *Queue[M]) Push(note M, room, n int) []byte {
	if q.n >= q.maxCount || q.bytes+room+n > q.maxBytes {
		return nil
	}
	buf := q.pool.Get(max(room+n, 1)) // an empty datagram is one too
	if buf == nil {
		return nil
	}
	if q.n == len(q.ring) {
		q.grow()
	}
	e := &q.ring[(q.head+q.n)&(len(q.ring)-1)]
	*e = entry[M]{note, buf, buf[:room+n]}
	q.n++
	q.bytes += room + n
	return e.data
}

func (q *Queue[M]) grow() {
	ring := make([]entry[M], max(4, 2*len(q.ring)))
	for k := range q.n {
		ring[k] = q.ring[(q.head+k)&(len(q.ring)-1)]
	}
	q.ring, q.head = ring, 0
}

// Front gives the oldest datagram, room included, and its note, both good until Pop; nil when there is none.
func (q *Queue[M]) Front() ([]byte, *M) {
	if q.n == 0 {
		return nil, nil
	}
	e := &q.ring[q.head]
	return e.data, &e.note
}

// Pop takes the oldest datagram out.
func (q *Queue[M]) Pop() {
	if q.n == 0 {
		return
	}
	e := &q.ring[q.head]
	q.bytes -= len(e.data)
	q.pool.Put(e.buf)
	*e = entry[M]{}
	q.head = (q.head + 1) & (len(q.ring) - 1)
	if q.n--; q.n == 0 && len(q.ring) > keptRing {
		q.ring, q.head = nil, 0
	}
}

// keptRing is how many places an empty queue keeps, so that a quiet exchange allocates nothing.
const keptRing = 4

// Clear takes everything out.
func (q *Queue[M]) Clear() {
	for q.n > 0 {
		q.Pop()
	}
}
