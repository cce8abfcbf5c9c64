package wire

import "encoding/binary"

// A builder appends to b. The length prefixes that it opens are filled in when they are closed.
type builder struct {
	b        []byte
	overflow bool
}

// message begins a handshake message; end(mark, 3) closes it.
func (w *builder) message(t Type) (mark int) {
	w.u8(uint8(t))
	return w.begin(3)
}

// begin leaves room for a length of n bytes and returns where.
func (w *builder) begin(n int) (mark int) {
	mark = len(w.b)
	w.b = append(w.b, 0, 0, 0)[:mark+n]
	return mark
}

// end fills in the length, of n bytes, at mark.
func (w *builder) end(mark, n int) {
	size := len(w.b) - mark - n
	if size >= 1<<(8*n) {
		w.overflow = true
		return
	}
	for i := n - 1; i >= 0; i-- {
		w.b[mark+i] = byte(size)
		size >>= 8
	}
}

func (w *builder) u8(v uint8)     { w.b = append(w.b, v) }
func (w *builder) u16(v uint16)   { w.b = binary.BigEndian.AppendUint16(w.b, v) }
func (w *builder) u32(v uint32)   { w.b = binary.BigEndian.AppendUint32(w.b, v) }
func (w *builder) bytes(p []byte) { w.b = append(w.b, p...) }
func (w *builder) vector(p []byte, n int) {
	mark := w.begin(n)
	w.bytes(p)
	w.end(mark, n)
}

// extension begins an extension; end(mark, 2) closes it.
func (w *builder) extension(t ExtensionType) (mark int) {
	w.u16(uint16(t))
	return w.begin(2)
}

// result is what an Append returns: from is what it was given.
func (w *builder) result(from []byte, t Type) ([]byte, error) {
	if w.overflow {
		return from, &Error{t, "", ErrTooLong}
	}
	return w.b, nil
}
