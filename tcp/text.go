package tcp

// processText takes a segment's payload (RFC 9293 §3.10.7.4, seventh), the part of it that lies in the window.
func (s *Socket) processText(now Instant, seg *Segment) {
	if len(seg.Payload) == 0 || s.state < StateEstablished || s.state > StateFinWait2 {
		return
	}
	if s.flags&flagNoRead != 0 { // RFC 2525 §2.17: nobody will ever read this, and the peer must know
		s.env.Stats.DropAfterClose++
		s.reset(nil)
		return
	}
	s.noteCE(seg)
	p, off := seg.Payload, seg.Seq.Sub(s.rcvNxt)
	if off < 0 {
		s.duplicateArrived(seg.Seq, seg.Seq.Add(min(-off, len(p))))
		if -off >= len(p) { // all of it was here before
			s.ackNow()
			return
		}
		p, off = p[-off:], 0
	}
	room := s.rcvAdv.Sub(s.rcvNxt) - off
	if room <= 0 { // a window probe
		s.env.Stats.DropNotAcceptable++
		s.ackNow()
		return
	}
	if len(p) > room {
		p = p[:room]
		s.ackNow() // the peer knows the window wrongly
	}
	if off == 0 && s.ooo == nil {
		s.inOrder(now, p, seg.fullSize())
	} else {
		s.beyondGap(now, off, p)
	}
}

// inOrder takes the bytes that follow what is there, and came in segments of size.
func (s *Socket) inOrder(now Instant, p []byte, size int) {
	if !s.store(0, p) {
		s.rcv.Release(s.env.Pool)
		s.env.Stats.DropNoMemory++
		return
	}
	s.advance(len(p))
	s.unacked += uint32(len(p))
	s.tuneRecv(now)
	s.ackSoon(now, min(size, len(p)))
	s.host.Notify()
}

// store puts p at its place in the queue, off bytes behind what is in order.
func (s *Socket) store(off int, p []byte) bool {
	return s.rcv.Reserve(s.env.Pool, s.rcv.Len()+off+len(p)) && s.rcv.WriteAt(off, p)
}

// advance moves rcvNxt over n bytes that stand in the queue.
func (s *Socket) advance(n int) {
	s.rcv.Advance(n)
	s.rcvNxt = s.rcvNxt.Add(n)
	s.env.Stats.BytesIn += uint64(n)
}

// beyondGap takes bytes while something is missing before them or behind them. Every such segment is answered at once
// (RFC 5681 §4.2).
func (s *Socket) beyondGap(now Instant, off int, p []byte) {
	s.ackNow()
	s.prompt = promptACKs
	from := s.rcvNxt.Add(off)
	if s.ooo == nil {
		s.ooo = s.env.getOOO()
	}
	if off > 0 {
		s.env.Stats.OutOfOrder++
		if !s.ooo.fits(from, from.Add(len(p)), s.cfg.maxOutOfOrder(s.recvLimit())) {
			s.env.Stats.DropOutOfOrderFull++
			return
		}
	}
	if !s.store(off, p) {
		s.env.Stats.DropNoMemory++
		s.dropEmptyOOO()
		return
	}
	if dup := s.ooo.add(from, from.Add(len(p))); dup.from != dup.to {
		s.duplicateArrived(dup.from, dup.to)
	}
	if off == 0 {
		s.ooo.expires = Never
		n := s.ooo.take(s.rcvNxt).Sub(s.rcvNxt)
		s.advance(n)
		s.unacked += uint32(n)
		s.tuneRecv(now)
		s.host.Notify()
	}
	s.dropEmptyOOO()
	s.expectRest(now)
}

func (s *Socket) dropEmptyOOO() {
	if o := s.ooo; o != nil && len(o.ranges) == 0 && !o.fin && !o.hasDup {
		s.freeOOO()
	}
}
