package simnet

// Wire is a link between two ports.
type Wire struct{ ab, ba *direction }

// Link joins two ports: frames from a to b go the way there, those from b to a the way back. Both ports must be of one medium.
func (w *World) Link(a, b *Port, there, back Path) *Wire {
	l := &Wire{newDirection(w, there, b), newDirection(w, back, a)}
	a.out, b.out = l.ab, l.ba
	return l
}

// Cut makes every frame on the link disappear from now on, or ends that; those that are under way arrive.
func (l *Wire) Cut(cut bool) { l.ab.cut, l.ba.cut = cut, cut }

// Count gives what happened in each direction.
func (l *Wire) Count() (there, back PathCount) { return l.ab.PathCount, l.ba.PathCount }
