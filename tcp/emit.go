package tcp

// Emit writes the next segment that is due, whole, into b, which holds more than [MaxHeaderLen] bytes, and gives its
// length; 0 when none is due, or b is too short. After Wake the host calls it until it gives 0, and then asks for
// Deadline. A socket that has reached CLOSED may still owe one segment, a RST. pseudo is the partial sum of both
// addresses and the protocol number: of the pseudo-header without its length (RFC 9293 §3.1). The payload is copied out
// of the send queue once.
func (s *Socket) Emit(now Instant, b []byte, pseudo uint32) int {
	if len(b) <= MaxHeaderLen {
		return 0
	}
	n := s.emit(now, b, pseudo, nil)
	if n > 0 {
		s.env.Stats.SegmentsOut++
	}
	return n
}

// emit is Emit, and with x EmitSuper.
func (s *Socket) emit(now Instant, b []byte, pseudo uint32, x *Super) int {
	n := s.emitDue(now, b, pseudo, x)
	if n == 0 && s.flags&flagWantMemory != 0 {
		s.armMemoryRetry(now)
	}
	return n
}

func (s *Socket) emitDue(now Instant, b []byte, pseudo uint32, x *Super) int {
	s.flags &^= flagECT
	if s.flags&(flagRST|flagRSTReply) != 0 {
		return s.emitRST(now, b, pseudo)
	}
	switch s.state {
	case StateClosed:
		return 0
	case StateSynSent, StateSynReceived:
		return s.emitHandshake(now, b, pseudo)
	}
	if seq, n, fin := s.missing(now); n > 0 || fin {
		return s.emitData(now, b, pseudo, x, seq, n, fin)
	}
	if n := s.pathProbe(now); n > 0 {
		return s.emitPathProbe(now, b, pseudo, x, n)
	}
	if n, fin := s.sendable(now, x.limit()); n > 0 || fin {
		return s.emitData(now, b, pseudo, x, s.sndNxt, n, fin)
	}
	if s.tx != nil && s.tx.probe {
		return s.emitProbe(now, b, pseudo, x)
	}
	if s.flags&flagProbe != 0 { // RFC 9293 §3.8.4: a number that was acknowledged long ago, so that an ACK must come
		s.flags &^= flagProbe
		return s.emitACK(now, b, pseudo, s.sndUna-1)
	}
	if s.flags&flagAckNow != 0 {
		return s.emitACK(now, b, pseudo, s.nextSeq())
	}
	return 0
}

// emitData writes a segment with n bytes from seq on, and FIN if fin; with x only its header.
func (s *Socket) emitData(now Instant, b []byte, pseudo uint32, x *Super, seq Seq, n int, fin bool) int {
	hdrLen := s.headerLen()
	if room := len(b) - hdrLen; x == nil && n > room {
		n, fin = room, false
	}
	f := ACK
	off := seq.Sub(s.sndUna)
	if off+n == s.snd.Len() {
		f |= PSH // RFC 9293 §3.9.1.2: nothing more is queued
	}
	if fin {
		f |= FIN
	}
	if n > 0 && !seq.Less(s.sndMax) && s.flags&flagForce == 0 {
		f |= s.fresh()
	}
	if x != nil {
		*x = Super{Limit: x.Limit, HeaderLen: hdrLen, Payload: n, SegmentSize: s.segmentSize(), offset: off}
		s.header(now, b, seq, f, hdrLen)
		putPartialChecksum(b, hdrLen+n, pseudo)
	} else {
		sum := s.snd.CopySum(b[hdrLen:hdrLen+n], off, 0)
		s.header(now, b, seq, f, hdrLen)
		putChecksum(b, hdrLen+n, hdrLen, pseudo, sum)
	}
	s.sent(now, seq, n, fin)
	return hdrLen + n
}

// emitProbe writes a tail loss probe (RFC 8985 §7.3).
func (s *Socket) emitProbe(now Instant, b []byte, pseudo uint32, x *Super) int {
	seq, n, fin := s.probeSegment()
	if n == 0 && !fin {
		s.tx.probe = false
		return 0
	}
	again, end := seq.Less(s.sndNxt), seq.Add(n)
	if fin {
		end++
	}
	length := s.emitData(now, b, pseudo, x, seq, n, fin)
	if s.tx != nil {
		s.tx.probeSent(end, again)
		s.schedule()
	}
	return length
}

// headerLen is the length of the next header of an established connection.
func (s *Socket) headerLen() int {
	n := HeaderLen + s.sackLen()
	if s.flags&flagTS != 0 {
		n += tsLen
	}
	return n
}

// header writes a header with our ACK and window, and the options that were agreed on: every segment acknowledges.
// hdrLen is headerLen's.
func (s *Socket) header(now Instant, b []byte, seq Seq, f Flags, hdrLen int) {
	putHeader(b, s.localPort, s.remotePort, seq, s.rcvNxt, f|s.echo(), s.window(), hdrLen)
	at := HeaderLen
	if s.flags&flagTS != 0 {
		putTimestamps(b[at:], s.tsVal(now), s.tsRecent)
		at += tsLen
	}
	if at < hdrLen {
		s.putSACK(b[at:hdrLen])
	}
	s.flags &^= flagAckNow
	s.unacked = 0
	s.ackAt = Never
}

// nextSeq is the number of a segment that takes none. While the peer's window is closed the byte of a probe does not
// count: a peer that had to refuse it, and whose window has no room for any number but the next, would take our segment
// for none of its connection, and not hear what it says of our window.
func (s *Socket) nextSeq() Seq {
	if s.flags&flagPersist != 0 {
		return s.sndNxt
	}
	return s.sndMax
}

func (s *Socket) emitACK(now Instant, b []byte, pseudo uint32, seq Seq) int {
	hdrLen := s.headerLen()
	s.header(now, b, seq, ACK, hdrLen)
	putChecksum(b, hdrLen, hdrLen, pseudo, 0)
	return hdrLen
}
