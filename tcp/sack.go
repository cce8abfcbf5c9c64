package tcp

import "encoding/binary"

// maxSACKBlocks is how many blocks a header has room for (RFC 2018 §3); three beside timestamps.
const maxSACKBlocks = 4

// sackLen is the length of the SACK option that the next header has, padding included: 0 when all that has arrived is
// in order.
func (s *Socket) sackLen() int {
	if s.ooo == nil {
		return 0
	}
	return s.reportLen()
}

func (s *Socket) reportLen() int {
	if s.flags&flagSACK == 0 {
		return 0
	}
	n := s.ooo.reportable()
	limit := maxSACKBlocks
	if s.flags&flagTS != 0 {
		limit--
	}
	if n = min(n, limit); n == 0 {
		return 0
	}
	return 4 + 8*n
}

// putSACK writes the option, sackLen bytes long, and ends the report of a duplicate, which is made once (RFC 2883 §4).
func (s *Socket) putSACK(b []byte) {
	o := s.ooo
	b[0], b[1], b[2], b[3] = optNop, optNop, optSACK, byte(len(b)-2)
	blocks := b[4:]
	put := func(r seqRange) {
		binary.BigEndian.PutUint32(blocks, uint32(r.from))
		binary.BigEndian.PutUint32(blocks[4:], uint32(r.to))
		blocks = blocks[8:]
	}
	if o.hasDup {
		put(o.dup)
		o.hasDup = false
	}
	for i := 0; i < len(o.latest) && len(blocks) > 0; i++ {
		if r, ok := o.block(i); ok {
			put(r)
		}
	}
	s.dropEmptyOOO()
}

// duplicateArrived notes that [from,to) has arrived twice, for the next ACK to tell (RFC 2883 §4).
func (s *Socket) duplicateArrived(from, to Seq) {
	s.prompt = promptACKs
	if s.flags&flagSACK == 0 || !from.Less(to) {
		return
	}
	if s.ooo == nil {
		s.ooo = s.env.getOOO()
	}
	s.ooo.dup, s.ooo.hasDup = seqRange{from, to}, true
}
