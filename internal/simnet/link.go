package simnet

// Wire is a link between two ports.
type Wire struct{ ab, ba *direction }

// End is where a link ends: a [Port] or a [Bridge].
type End interface {
	target
	attach(out *direction) // what it sends goes there
}

// Link joins two ends: frames from a to b go the way there, those from b to a the way back. Both must be of one medium.
func (w *World) Link(a, b End, there, back Path) *Wire {
	l := &Wire{newDirection(w, there, b), newDirection(w, back, a)}
	a.attach(l.ab)
	b.attach(l.ba)
	return l
}

// Cut makes every frame on the link disappear from now on, or ends that; those that are under way arrive.
func (l *Wire) Cut(cut bool) { l.ab.cut, l.ba.cut = cut, cut }

// Count gives what happened in each direction.
func (l *Wire) Count() (there, back PathCount) { return l.ab.PathCount, l.ba.PathCount }
