package simnet

import "time"

// target is where a frame arrives, or what a timer calls (with a nil frame).
type target interface{ arrive(f *frame) }

// event is something that happens at one time. Events of one time happen in the order in which they were scheduled.
type event struct {
	at  time.Duration // since Epoch
	seq uint64
	to  target
	f   *frame
}

func (e *event) before(o *event) bool { return e.at < o.at || e.at == o.at && e.seq < o.seq }

// events is a binary heap.
type events struct {
	h   []event
	seq uint64
}

func (q *events) push(at time.Duration, to target, f *frame) {
	q.h = append(q.h, event{at, q.seq, to, f})
	q.seq++
	i := len(q.h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !q.h[i].before(&q.h[parent]) {
			return
		}
		q.h[i], q.h[parent] = q.h[parent], q.h[i]
		i = parent
	}
}

// next gives the time of the earliest event, false when there is none.
func (q *events) next() (time.Duration, bool) {
	if len(q.h) == 0 {
		return 0, false
	}
	return q.h[0].at, true
}

// pop takes the earliest event off; there must be one.
func (q *events) pop() event {
	first, last := q.h[0], len(q.h)-1
	q.h[0] = q.h[last]
	q.h[last] = event{}
	q.h = q.h[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return first
		}
		if child+1 < last && q.h[child+1].before(&q.h[child]) {
			child++
		}
		if !q.h[child].before(&q.h[i]) {
			return first
		}
		q.h[i], q.h[child] = q.h[child], q.h[i]
		i = child
	}
}

// timer is a target that calls a function.
type timer func()

func (t timer) arrive(*frame) { t() }
