package tcp

import "time"

// Packetization layer path MTU discovery (RFC 4821; RFC 8899 says the same of datagrams): when no router tells that
// segments are too long, their silence does, and a longer segment, of whose loss nothing depends, tells what gets
// through. What is known of a path belongs to the host, for all connections that take it.

// PathHost is a [Host] that knows of its path's MTU what is known. Sizes are payloads without options, as in
// [Socket.PathNarrowed].
type PathHost interface {
	// BlackHole: segments of that size vanish again and again. It gives a smaller size to try; 0: there is none.
	BlackHole(now Instant, mss int) int
	// PathProbe gives a size above mss that is worth a try now; 0: there is none.
	PathProbe(now Instant, mss int) int
	// PathProbed: a segment of a size that PathProbe gave has arrived, or was lost, and nothing else was.
	PathProbed(now Instant, mss int, arrived bool)
}

const (
	fullStopTimeouts = 3           // in a row, after which long segments are suspected (RFC 4821 §7.7)
	probeFollowers   = 3           // full segments that must be ready to follow a probe, to show its loss (RFC 4821 §7.4)
	pathProbeWait    = time.Second // before a host is asked again that had nothing to try
)

// pathSearch is a sender's part in the search.
type pathSearch struct {
	on   bool    // the peer takes longer segments than the path is thought to
	at   Instant // not to be tried before
	from Seq     // of the probe that is out
	size int     // its size without options; 0: none is out
}

// optionsLen is how much of a segment the options take that each has.
func (s *Socket) optionsLen() int {
	if s.flags&flagTS != 0 {
		return tsLen
	}
	return 0
}

// blackHole tries shorter segments when timeout follows timeout (RFC 4821 §7.7).
func (s *Socket) blackHole(now Instant) {
	host, ok := s.host.(PathHost)
	if !ok || s.retries%fullStopTimeouts != 0 || s.sndMax.Sub(s.sndUna) < int(s.mss) {
		return
	}
	if mss := host.BlackHole(now, int(s.mss)+s.optionsLen()); mss > 0 {
		s.PathNarrowed(now, mss)
	}
}

// pathProbe gives the payload of a probe that may leave now; 0: none may (RFC 4821 §7.4).
func (s *Socket) pathProbe(now Instant) int {
	tx := s.tx
	if tx == nil || !tx.path.on || tx.path.out(s.sndUna) || now < tx.path.at || s.flags&(flagSACK|flagRecovery|flagLoss|flagPersist) != flagSACK || s.sackLen() > 0 {
		return 0
	}
	flight := s.sndNxt.Sub(s.sndUna)
	ready := min(s.snd.Len()-flight, int(s.sndWnd)-flight, int(s.cwnd)-s.pipe()) - probeFollowers*int(s.mss)
	if ready <= int(s.mss) {
		return 0
	}
	host, ok := s.host.(PathHost)
	if !ok {
		tx.path.on = false
		return 0
	}
	size := min(host.PathProbe(now, int(s.mss)+s.optionsLen()), int(s.peerMSS))
	n := size - s.optionsLen()
	switch {
	case n <= int(s.mss):
		tx.path.at = now.Add(pathProbeWait)
		return 0
	case n > ready || !s.paced(now):
		return 0
	}
	tx.path.from, tx.path.size = s.sndNxt, size
	return n
}

// emitPathProbe writes a probe of n bytes, which is one segment even for who cuts others.
func (s *Socket) emitPathProbe(now Instant, b []byte, pseudo uint32, x *Super, n int) int {
	s.env.Stats.PathProbes++
	length := s.emitData(now, b, pseudo, x, s.sndNxt, n, false)
	if x != nil {
		x.SegmentSize = n
	}
	return length
}

// out: a probe is on its way.
func (p *pathSearch) out(una Seq) bool { return p.size != 0 && una.LessEq(p.from) }

// flag tells the probe's run from others.
func (p *pathSearch) flag(from Seq) runFlags {
	if p.size != 0 && p.from == from {
		return runPathProbe
	}
	return 0
}

// pathProbeArrived: the probe, or a part of it, which tells nothing, has arrived (RFC 4821 §7.6.1).
func (s *Socket) pathProbeArrived(now Instant, part *run) {
	p := &s.tx.path
	size := p.size
	if p.size = 0; size == 0 || part.from != p.from || part.len() != size-s.optionsLen() {
		return
	}
	s.pathMSS = uint16(max(int(s.pathMSS), size))
	s.mss = uint16(max(int(s.mss), size-s.optionsLen()))
	p.on = s.pathMSS < s.peerMSS
	s.tellPath(now, size, true)
}

// pathProbeLost: it was, and if nothing else was it was too long (RFC 4821 §7.6.2, §7.6.4). It is sent again in
// segments that are known to arrive.
func (s *Socket) pathProbeLost(now Instant, alone bool) {
	size := s.tx.path.size
	if s.tx.path.size = 0; size != 0 && alone {
		s.tellPath(now, size, false)
	}
	s.host.Wake()
}

func (s *Socket) tellPath(now Instant, size int, arrived bool) {
	if host, ok := s.host.(PathHost); ok {
		host.PathProbed(now, size, arrived)
	}
}
