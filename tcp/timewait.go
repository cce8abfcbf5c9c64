package tcp

// enterTimeWait begins the time in which stray segments of the connection are still answered for (RFC 9293 §3.6.1).
func (s *Socket) enterTimeWait(now Instant) {
	s.setState(StateTimeWait)
	s.snd.Drop(s.env.Pool)
	s.freeOOO()
	s.dropSender()
	s.rtxAt = Never
	s.idleAt = now.Add(s.cfg.timeWait())
	s.host.Wake()
	s.host.Notify()
}

// Reusable reports that s is in TIME-WAIT and that syn begins a new connection between the same ports: its sequence
// number or its timestamp is beyond all of the old one's (RFC 9293 §3.10.7.4, RFC 6191 §2). The host then ends s and
// lets its listener have syn, with what [Socket.Beyond] gives; without a listener syn is a segment like any other.
func (s *Socket) Reusable(syn *Segment) bool {
	if s.state != StateTimeWait || syn.Flags&(SYN|ACK|RST|FIN) != SYN {
		return false
	}
	if s.flags&flagTS != 0 && syn.HasTS {
		return int32(syn.TSVal-s.tsRecent) > 0 || syn.TSVal == s.tsRecent && s.rcvNxt.Less(syn.Seq)
	}
	return s.rcvNxt.Less(syn.Seq)
}

// Beyond gives the initial sequence number of the connection that takes the place of s: iss, or, where a fast
// connection has sent more than [ISN]'s clock has counted meanwhile, one that is beyond all of its numbers by more than
// a window without scale (RFC 9293 §3.10.7.4, MAY-2).
func (s *Socket) Beyond(iss Seq) Seq { return maxSeq(iss, s.sndMax.Add(1<<16)) }
