package iface

import (
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/tcp"
)

// receiveTCP gives a segment to its connection.
func (i *Interface) receiveTCP(p *packet) DropReason {
	d := &i.decoder
	if d.layer(len(d.found)-1) != layers.LayerTypeTCP {
		return DropMalformed
	}
	if p.toAll { // RFC 9293 §3.9.2.3 (MUST-57)
		return DropNotForUs
	}
	if !p.summed && checksum.Fold(checksum.Sum(p.payload, p.pseudo(protoTCP))) != 0xffff {
		return DropChecksum
	}
	var seg tcp.Segment
	if !segment(&d.tcp, &seg) {
		return DropMalformed
	}
	seg.Size = p.segmentSize
	seg.CE = p.traffic&ecnMask == ecnCE
	t := &p.tuple
	t.localPort, t.remotePort = seg.DstPort, seg.SrcPort
	c := i.last
	if c == nil || c.tuple != *t {
		c = i.conns[*t]
	}
	if c != nil && c.Reusable(&seg) {
		if l := i.listenerFor(p, &seg); l != nil {
			return l.reopen(p, &seg, c)
		}
	}
	if c == nil {
		return i.unclaimed(p, &seg)
	}
	if reason, ok := i.superseded(p, &seg, c); ok {
		return reason
	}
	i.last = c
	if p.frame != nil && c.flags&connListed != 0 {
		i.predict(p.frame, c)
	}
	i.process(c, &seg)
	return DropNone
}

// superseded takes an ACK for c, whose handshake is not done, that is of something else than our SYN+ACK: its peer may
// have got a cookie for an earlier SYN. ok reports that it has, and that c gives way to the connection that the cookie
// names.
func (i *Interface) superseded(p *packet, seg *tcp.Segment, c *Conn) (reason DropReason, ok bool) {
	if c.State() != tcp.StateSynReceived || c.Completes(seg) {
		return DropNone, false
	}
	l := i.listenerFor(p, seg)
	if l == nil || !l.tcp.Cookies(i.now) {
		return DropNone, false
	}
	return l.restore(p, seg, c)
}

// unclaimed takes a segment that belongs to no connection: a listener's SYN, or the ACK that brings its cookie back.
// Any other is answered by RST.
func (i *Interface) unclaimed(p *packet, seg *tcp.Segment) DropReason {
	if l := i.listenerFor(p, seg); l != nil {
		switch {
		case seg.Flags&(tcp.SYN|tcp.ACK|tcp.RST|tcp.FIN) == tcp.SYN:
			return l.open(p, seg)
		case seg.Flags&(tcp.SYN|tcp.ACK|tcp.RST) == tcp.ACK && l.tcp.Cookies(i.now):
			return l.takeCookie(p, seg)
		}
	}
	i.reset(p, seg)
	return DropNoPort
}

// listenerFor finds the listener of a segment that belongs to no connection.
func (i *Interface) listenerFor(p *packet, seg *tcp.Segment) *Listener {
	if seg.SrcPort == 0 {
		return nil
	}
	return i.listener(p.tuple.localAddr().Addr(), seg.DstPort)
}

// segment turns what gopacket decoded into a tcp.Segment.
func segment(l *layers.TCP, s *tcp.Segment) bool {
	if len(l.Contents) < tcp.HeaderLen {
		return false
	}
	s.SrcPort, s.DstPort = uint16(l.SrcPort), uint16(l.DstPort)
	s.Seq, s.Ack = tcp.Seq(l.Seq), tcp.Seq(l.Ack)
	s.Flags = tcp.Flags(l.Contents[13])
	s.Window = l.Window
	s.Payload = l.Payload
	return s.Options.Parse(l.Contents[tcp.HeaderLen:]) == nil
}

// pseudo is the partial sum of p's pseudo-header, length included.
func (p *packet) pseudo(proto byte) uint32 { return p.pseudoOf(proto, len(p.payload)) }

// pseudoOf is that for n bytes.
func (p *packet) pseudoOf(proto byte, n int) uint32 {
	if p.v4 {
		return checksum.PseudoV4([4]byte(p.tuple.remote[12:]), [4]byte(p.tuple.local[12:]), proto, n)
	}
	return checksum.PseudoV6(p.tuple.remote, p.tuple.local, proto, n)
}

// reset answers a segment that nobody owns (RFC 9293 §3.10.7.1).
func (i *Interface) reset(p *packet, seg *tcp.Segment) {
	if seg.Flags&tcp.RST != 0 {
		return
	}
	if !i.resets.take(i.now, i.rng) {
		i.stats.OutDrops[DropRateLimited]++
		return
	}
	i.reply(p, protoTCP, func(b []byte) int { return tcp.Reset(seg, b, p.tuple.pseudo()) })
}

// reply builds an answer to p: build writes what follows the IP header and gives its length. It goes back to the
// station that sent p, and is counted if it can't.
func (i *Interface) reply(p *packet, proto byte, build func(b []byte) int) (sent bool) {
	ipLen := ipv6HeaderLen
	if p.v4 {
		ipLen = ipv4HeaderLen
	}
	var buf []byte
	if p.looped {
		buf = i.nowhere()
	} else {
		if !i.mayAnswer() {
			return false
		}
		frame := i.dev.Buffer(i.hdrLen + i.mtu)
		if frame == nil {
			i.stats.OutDrops[DropNoBuffer]++
			return false
		}
		buf = frame[i.hdrLen:]
		if i.ether {
			i.putIPLink(frame, &p.srcMAC, p.v4)
		}
	}
	n := build(buf[ipLen:])
	if n == 0 {
		return false
	}
	if p.v4 {
		putIPv4(buf, proto, 0, [4]byte(p.tuple.local[12:]), [4]byte(p.tuple.remote[12:]), n)
	} else {
		putIPv6(buf, proto, i.hopLimit, &p.tuple.local, &p.tuple.remote, n)
		putLabel(buf, i.flows.packetLabel(proto, checksum.PseudoV6(p.tuple.local, p.tuple.remote, proto, 0), buf[ipv6HeaderLen:]))
	}
	if p.looped {
		b := i.loop.push(ipLen + n)
		if copy(b, buf[:ipLen+n]) == 0 {
			i.stats.OutDrops[DropLoopFull]++
			return false
		}
		return true
	}
	if i.transmit(i.hdrLen+ipLen+n) != nil {
		i.stats.OutDrops[DropNoBuffer]++
		return false
	}
	return true
}
