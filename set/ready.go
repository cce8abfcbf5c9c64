package set

// readyList is a queue of handles whose readiness changed, each at most once. Its memory is kept, so telling allocates nothing in
// steady state.
type readyList struct {
	queue []Handle
	head  int
}

// push adds h. The caller keeps the mark that h stands in the list.
func (r *readyList) push(h Handle) { r.queue = append(r.queue, h) }

// pop takes the oldest handle.
func (r *readyList) pop() (Handle, bool) {
	if r.head == len(r.queue) {
		r.queue, r.head = r.queue[:0], 0
		return Handle{}, false
	}
	h := r.queue[r.head]
	r.head++
	return h, true
}

// len is the number of handles that wait.
func (r *readyList) len() int { return len(r.queue) - r.head }
