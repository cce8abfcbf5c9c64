package dns

import "slices"

// One question is under way once, however many look the same name up: each further one would be another chance for
// somebody who guesses answers (RFC 5452 §5).

// share makes q wait for the answer to a question that is under way already; false: there is none.
func (q *Query) share() bool {
	k := slices.IndexFunc(q.c.queries, func(o *Query) bool { return o.question == q.question && o.leader == nil && !o.done })
	if k < 0 {
		return false
	}
	q.leader = q.c.queries[k]
	return true
}

// shared takes the answer that q has waited for, if there is one.
func (q *Query) shared() {
	if l := q.leader; l.done {
		q.finish(l.answer.clone(l.answer.TTL), l.err)
	}
}

// handOver gives the question, of which q wants to know nothing more, to somebody who does: it goes on as if that one
// had asked.
func (q *Query) handOver() {
	var heir *Query
	for _, o := range q.c.queries {
		switch {
		case o.leader != q:
		case heir == nil:
			heir = o
		default:
			o.leader = heir
		}
	}
	if heir == nil {
		return
	}
	heir.leader, heir.asking = nil, q.asking
	for _, s := range q.c.streams {
		if s.waiting[q.id] == q {
			s.waiting[q.id] = heir
		}
	}
	q.udp = nil
}
