package tcp

import "slices"

// outOfOrder is what is known of data beyond a gap. The bytes themselves stand in the receive queue already, at their
// place.
type outOfOrder struct {
	ranges []seqRange // disjoint, not touching, in order
	fin    bool       // the peer's FIN was seen, at finSeq
	finSeq Seq

	expires Instant // when all of that is dropped, unless what is missing comes; Never while nothing is kept

	// What the SACK option tells (RFC 2018 §4): where data came last, most recent first. A range is named by any number
	// in it.
	latest [maxSACKBlocks]Seq
	told   int // of latest, how many are in use
	dup    seqRange
	hasDup bool
}

type seqRange struct{ from, to Seq }

// reach is how far behind rcvNxt out-of-order data extends.
func (s *Socket) reach() int {
	if s.ooo == nil || len(s.ooo.ranges) == 0 {
		return 0
	}
	return s.ooo.ranges[len(s.ooo.ranges)-1].to.Sub(s.rcvNxt)
}

// at gives the index of the first range that ends at seq or behind it.
func (o *outOfOrder) at(seq Seq) int {
	i, _ := slices.BinarySearchFunc(o.ranges, seq, func(r seqRange, seq Seq) int { return r.to.Sub(seq) })
	return i
}

// fits reports whether [from,to) can be added without leaving more than limit ranges.
func (o *outOfOrder) fits(from, to Seq, limit int) bool {
	if len(o.ranges) < limit {
		return true
	}
	i := o.at(from)
	return i < len(o.ranges) && o.ranges[i].from.LessEq(to)
}

// add notes that [from,to) has arrived. It gives the first part of it that was there before, if any was (RFC 2883
// §4.1).
func (o *outOfOrder) add(from, to Seq) (dup seqRange) {
	i := o.at(from)
	j := i
	arrived := seqRange{from, to}
	for j < len(o.ranges) && o.ranges[j].from.LessEq(to) {
		r := o.ranges[j]
		if dup.from == dup.to {
			dup = r.overlap(arrived)
		}
		if r.from.Less(from) {
			from = r.from
		}
		to = maxSeq(to, r.to)
		j++
	}
	o.ranges = slices.Replace(o.ranges, i, j, seqRange{from, to})
	o.touch(seqRange{from, to})
	return dup
}

// overlap gives what r and q have in common, an empty range when that is nothing.
func (r seqRange) overlap(q seqRange) seqRange {
	if r.from.Less(q.from) {
		r.from = q.from
	}
	if q.to.Less(r.to) {
		r.to = q.to
	}
	if !r.from.Less(r.to) {
		return seqRange{}
	}
	return r
}

func (r seqRange) holds(seq Seq) bool { return r.from.LessEq(seq) && seq.Less(r.to) }

// touch puts r first among what is told; what it has swallowed is not told twice.
func (o *outOfOrder) touch(r seqRange) {
	kept := 0
	var others [maxSACKBlocks]Seq
	for _, at := range o.latest[:o.told] {
		if !r.holds(at) && kept < len(others)-1 {
			others[kept] = at
			kept++
		}
	}
	o.latest[0] = r.from
	copy(o.latest[1:], others[:kept])
	o.told = kept + 1
}

// block gives the range that latest[i] names, with the FIN that follows it; ok is false when it is in order by now.
func (o *outOfOrder) block(i int) (seqRange, bool) {
	if i >= o.told {
		return seqRange{}, false
	}
	at := o.latest[i]
	if j := o.at(at + 1); j < len(o.ranges) && o.ranges[j].holds(at) {
		r := o.ranges[j]
		if o.fin && r.to == o.finSeq { // a sender that has put FIN behind its last data takes both for one segment
			r.to++
		}
		return r, true
	}
	return seqRange{}, false
}

// reportable is how many blocks there are to tell.
func (o *outOfOrder) reportable() int {
	n := 0
	if o.hasDup {
		n++
	}
	for i := range o.told {
		if _, ok := o.block(i); ok {
			n++
		}
	}
	return n
}

// take gives where the data that is in order now ends, next being where it ended before, and forgets what lies before
// that.
func (o *outOfOrder) take(next Seq) Seq {
	i := 0
	for i < len(o.ranges) && o.ranges[i].from.LessEq(next) {
		next = maxSeq(next, o.ranges[i].to)
		i++
	}
	o.ranges = slices.Delete(o.ranges, 0, i)
	return next
}
