package tcp

import "slices"

// outOfOrder is what is known of data beyond a gap. The bytes themselves stand in the receive queue already, at their place.
type outOfOrder struct {
	ranges []seqRange // disjoint, not touching, in order
	fin    bool       // the peer's FIN was seen, at finSeq
	finSeq Seq
}

type seqRange struct{ from, to Seq }

// reach is how far behind rcvNxt out-of-order data extends.
func (s *Socket) reach() int {
	if s.ooo == nil || len(s.ooo.ranges) == 0 {
		return 0
	}
	return s.ooo.ranges[len(s.ooo.ranges)-1].to.Sub(s.rcvNxt)
}

// fits reports whether [from,to) can be added without leaving more than limit ranges.
func (o *outOfOrder) fits(from, to Seq, limit int) bool {
	if len(o.ranges) < limit {
		return true
	}
	for _, r := range o.ranges {
		if from.LessEq(r.to) && r.from.LessEq(to) {
			return true
		}
	}
	return false
}

// add notes that [from,to) has arrived.
func (o *outOfOrder) add(from, to Seq) {
	i := 0
	for i < len(o.ranges) && o.ranges[i].to.Less(from) {
		i++
	}
	j := i
	for j < len(o.ranges) && o.ranges[j].from.LessEq(to) {
		if o.ranges[j].from.Less(from) {
			from = o.ranges[j].from
		}
		to = maxSeq(to, o.ranges[j].to)
		j++
	}
	o.ranges = slices.Replace(o.ranges, i, j, seqRange{from, to})
}

// take gives where the data that is in order now ends, next being where it ended before, and forgets what lies before that.
func (o *outOfOrder) take(next Seq) Seq {
	i := 0
	for i < len(o.ranges) && o.ranges[i].from.LessEq(next) {
		next = maxSeq(next, o.ranges[i].to)
		i++
	}
	o.ranges = slices.Delete(o.ranges, 0, i)
	return next
}
