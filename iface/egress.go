package iface

import (
	"time"

	"smoltls/tcp"
)

// Egress runs the timers that are due, then lets connections send, each a bounded number of segments a turn, until none
// has anything to send, maxFrames are out, or the device takes no more. n is how many frames went out, super-segments
// counted as in Ingress. The error is the device's.
func (i *Interface) Egress(now time.Time, maxFrames int) (n int, err error) {
	i.setNow(now)
	i.blocked = false
	i.neighborTimers()
	i.chores()
	i.expireFragments()
	i.expire()
	n = i.sendPackets(min(segmentsATurn, maxFrames)) // first, and not too many: connections may have more than maxFrames
	for n < maxFrames && !i.blocked {
		c := i.awake.pop()
		if c == nil {
			return n + i.sendPackets(maxFrames-n), nil
		}
		i.stats.SocketVisits++
		sent, more, err := i.serve(c, min(segmentsATurn, maxFrames-n))
		n += sent
		i.earnAnswers(sent)
		if err != nil {
			i.awake.pushFront(c)
			return n, err
		}
		switch {
		case i.blocked:
			i.awake.pushFront(c)
			return n, nil
		case more:
			i.awake.push(c)
		default:
			c.flags &^= connAwake
			if c.flags&connParked == 0 {
				i.schedule(c)
			}
		}
	}
	return n, nil
}

// expire runs the timers that are due.
func (i *Interface) expire() {
	for i.timers.next() <= i.now {
		c := i.timers.h[0]
		i.stats.SocketVisits++
		if c.Deadline() <= i.now {
			c.Expire(i.now)
		}
		// What Expire woke gets its place when it has been served.
		if c.heapAt == 0 {
			i.timers.later(c.Deadline())
		}
	}
}

// schedule gives c its place among the timers, or forgets it when its socket has closed. A timer that became due while
// c waited for the device runs now: PollAt never names the past.
func (i *Interface) schedule(c *Conn) {
	const timersOfASocket = 4
	for range timersOfASocket {
		if c.State() == tcp.StateClosed || c.Deadline() > i.now {
			break
		}
		c.Expire(i.now)
	}
	if c.State() == tcp.StateClosed && c.flags&connAwake == 0 {
		i.detach(c)
		return
	}
	i.timers.set(c, c.Deadline())
}

// serve lets c send up to limit segments. more: it may have more to send.
func (i *Interface) serve(c *Conn, limit int) (n int, more bool, err error) {
	if c.flags&connListed == 0 { // forgotten while it waited for its turn
		return 0, false, nil
	}
	if c.flags&connLooped != 0 {
		n, more = i.serveLooped(c, limit)
		return n, more, nil
	}
	if i.ether {
		nb, why := i.neighborFor(c)
		if nb == nil { // what is lost now is sent again later
			i.lose(c, why)
			return 0, false, nil
		}
		if !i.reach(nb) {
			c.flags |= connParked
			nb.waiting.push(c)
			return 0, false, nil
		}
	}
	switch {
	case i.offload != nil:
		return i.sendSupers(c, limit)
	case i.batch != nil:
		return i.sendBatches(c, limit)
	}
	return i.sendSegments(c, limit)
}

// sendSegments sends up to limit segments of c's, one by one.
func (i *Interface) sendSegments(c *Conn, limit int) (n int, more bool, err error) {
	for n < limit {
		buf := i.dev.Buffer(i.hdrLen + i.mtu)
		if buf == nil {
			i.blocked = true
			return n, true, nil
		}
		length := i.emit(c, buf)
		if length == 0 {
			return n, false, nil
		}
		if err := i.transmit(length); err != nil {
			return n, true, err
		}
		n++
	}
	return n, true, nil
}

// emit builds c's next frame in buf.
func (i *Interface) emit(c *Conn, buf []byte) int {
	n := i.emitPacket(c, buf[i.hdrLen:])
	if n == 0 {
		return 0
	}
	if i.ether {
		i.putIPLink(buf, &c.hop.mac, c.tuple.is4())
	}
	return i.hdrLen + n
}

// emitPacket builds c's next packet.
func (i *Interface) emitPacket(c *Conn, packet []byte) int {
	ipLen := ipv6HeaderLen
	if c.tuple.is4() {
		ipLen = ipv4HeaderLen
	}
	length := c.Emit(i.now, packet[ipLen:], c.pseudo)
	if length == 0 {
		return 0
	}
	i.putIP(packet, c, length)
	return ipLen + length
}

// putIP writes the header before n bytes of c's.
func (i *Interface) putIP(packet []byte, c *Conn, n int) {
	if c.tuple.is4() {
		c.ipID++
		putIPv4(packet, protoTCP, c.ipID, [4]byte(c.tuple.local[12:]), [4]byte(c.tuple.remote[12:]), n)
	} else {
		putIPv6(packet, protoTCP, i.hopLimit, &c.tuple.local, &c.tuple.remote, n)
		putLabel(packet, i.flows.label(c.pseudo, c.tuple.localPort, c.tuple.remotePort))
	}
	if hops, traffic := c.HopLimit(), c.Traffic(); hops|traffic != 0 {
		remark(packet, hops, traffic)
	}
}

// transmit sends the frame of n bytes that was built in the device's buffer.
func (i *Interface) transmit(n int) error {
	if err := i.dev.Send(i.clock, n); err != nil {
		return err
	}
	i.sent(n)
	return nil
}

// sent counts a frame of n bytes.
func (i *Interface) sent(n int) {
	i.stats.FramesOut++
	i.stats.BytesOut += uint64(n)
}
