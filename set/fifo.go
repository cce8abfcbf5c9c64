package set

import "slices"

// fifo is a queue that keeps its memory: in steady state it allocates nothing, and it never has more than about twice
// the room of the most that ever waited in it at once, whether or not it was ever empty since.
type fifo[T any] struct {
	items []T
	head  int // items before it were taken
}

// push puts v at the end.
func (q *fifo[T]) push(v T) {
	if q.head > 0 && len(q.items) == cap(q.items) && q.head >= len(q.items)/2 {
		q.items, q.head = slices.Delete(q.items, 0, q.head), 0 // rather than growing for the sake of what was taken
	}
	q.items = append(q.items, v)
}

// prune rids a queue that the next push would let grow of what is over.
func (q *fifo[T]) prune(over func(T) bool) {
	if len(q.items) == cap(q.items) && q.head < max(len(q.items)/2, 1) {
		left := prune(q.items[q.head:], over)
		q.items, q.head = left, 0
	}
}

// pop takes the oldest; false when there is none.
func (q *fifo[T]) pop() (v T, ok bool) {
	if q.len() == 0 {
		return v, false
	}
	var none T
	v, q.items[q.head] = q.items[q.head], none
	q.head++
	if q.len() == 0 {
		q.items, q.head = q.items[:0], 0
	}
	return v, true
}

// len is how many wait.
func (q *fifo[T]) len() int { return len(q.items) - q.head }
