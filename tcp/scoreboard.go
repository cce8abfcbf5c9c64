package tcp

import "encoding/binary"

// sackBlock reads block i of a SACK option's value (RFC 2018 §3).
func sackBlock(v []byte, i int) seqRange {
	return seqRange{Seq(binary.BigEndian.Uint32(v[8*i:])), Seq(binary.BigEndian.Uint32(v[8*i+4:]))}
}

// takeSACK takes what the peer reports to have beyond seg.Ack (RFC 2018 §5). What makes no sense is passed over: blocks
// of what was never sent, or upside down.
func (s *Socket) takeSACK(now Instant, seg *Segment) {
	tx := s.tx
	n := len(seg.SACK) / 8
	if n == 0 {
		return
	}
	first := 0
	if s.isDSACK(seg, n) {
		tx.ack.dsack, tx.ack.twice = true, sackBlock(seg.SACK, 0)
		s.env.Stats.DSACKs++
		if !tx.probing || !tx.reprobe || tx.ack.twice.to != tx.probeEnd { // what a timer sent tells nothing of reordering
			s.rackDSACK()
		}
		first = 1
	}
	for i := first; i < n; i++ {
		b := sackBlock(seg.SACK, i)
		if b.from.Less(s.sndUna) || !b.from.Less(b.to) || s.sndNxt.Less(b.to) {
			continue
		}
		s.sackRange(now, seg, b)
	}
}

// isDSACK reports whether the first block tells of a duplicate: it lies before what is acknowledged, or within the
// second one (RFC 2883 §4).
func (s *Socket) isDSACK(seg *Segment, n int) bool {
	b := sackBlock(seg.SACK, 0)
	if !b.from.Less(b.to) {
		return false
	}
	if b.from.Less(seg.Ack) {
		return seg.Ack.Sub(b.from) <= maxBuffer && b.to.LessEq(s.sndMax)
	}
	if n < 2 {
		return false
	}
	second := sackBlock(seg.SACK, 1)
	return second.from.LessEq(b.from) && b.to.LessEq(second.to)
}

// sackRange notes that b, which is outstanding, has arrived.
func (s *Socket) sackRange(now Instant, seg *Segment, b seqRange) {
	tx := s.tx
	for i := tx.find(b.from); i < len(tx.runs()) && b.from.Less(b.to); i++ {
		r := tx.runs()[i]
		end := r.to
		if b.to.Less(end) {
			end = b.to
		}
		if r.flags&runSacked == 0 {
			part := r
			part.from, part.to = b.from, end
			sacked := run{from: b.from, to: end, flags: runSacked}
			at, ok := tx.recast(i, sacked)
			if !ok {
				s.env.Stats.ScoreboardFull++
				return
			}
			s.arrived(now, &part, seg)
			i, end = at, tx.runs()[at].to // which may reach further, joined to what came before
		}
		b.from = end
	}
}

// arrived: part of what was outstanding is known to have arrived.
func (s *Socket) arrived(now Instant, part *run, seg *Segment) {
	if part.flags&runPathProbe != 0 {
		s.pathProbeArrived(now, part)
	}
	s.rackArrived(now, part, seg)
	s.tx.rate.arrived(now, part, &s.tx.ack)
}
