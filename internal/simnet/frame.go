package simnet

// frame is one frame on its way. It belongs to whoever holds it, and goes back to the world's pool exactly once.
type frame struct {
	b       []byte
	damaged bool // a frame is corrupted once at most: two changes could cancel out in a checksum of 16 bits
}

// framePool keeps frames for reuse, and counts those that are out.
type framePool struct {
	free []*frame
	out  int
}

func (p *framePool) get(n int) *frame {
	p.out++
	last := len(p.free) - 1
	if last < 0 {
		return &frame{b: make([]byte, n, max(n, 2048))}
	}
	f := p.free[last]
	p.free = p.free[:last]
	if cap(f.b) < n {
		f.b = make([]byte, n)
	}
	f.b, f.damaged = f.b[:n], false
	return f
}

func (p *framePool) clone(f *frame) *frame {
	c := p.get(len(f.b))
	copy(c.b, f.b)
	c.damaged = f.damaged
	return c
}

func (p *framePool) put(f *frame) {
	p.out--
	p.free = append(p.free, f)
}
