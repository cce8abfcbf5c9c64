package tlssock

// wrappedRecord is a record that wrapped around the receive ring's end, copied into memory of the pool and opened
// there. It is lent by the Env to sockets that have one, so that the others have a pointer's room for it only.
type wrappedRecord struct{ b []byte }

// keepWrapped is how many of them an Env keeps.
const keepWrapped = 64

func (v *Env) getWrapped(b []byte) *wrappedRecord {
	w := pop(&v.copies)
	if w == nil {
		w = &wrappedRecord{}
	}
	w.b = b
	return w
}

// putWrapped takes it back when its memory has gone back to the pool.
func (v *Env) putWrapped(w *wrappedRecord) {
	w.b = nil
	if len(v.copies) < keepWrapped {
		v.copies = append(v.copies, w)
	}
}
