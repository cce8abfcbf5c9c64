package iface

import (
	"smoltls/internal/bufpool"
	"smoltls/internal/dgram"
)

// loopback is packets of ours to ourselves. They never see the device: Ingress takes them as it takes frames.
type loopback struct {
	queue dgram.Queue[struct{}]
}

func (l *loopback) init(pool *bufpool.Pool, packets int) {
	l.queue.Init(pool, packets, packets*maxDatagram)
}

// push gives memory for a packet of n bytes that arrives with the next Ingress; nil when the queue is full.
func (l *loopback) push(n int) []byte { return l.queue.Push(struct{}{}, 0, n) }

func (l *loopback) waiting() bool { return l.queue.Len() > 0 }

// receiveLooped takes up to limit packets that we sent to ourselves.
func (i *Interface) receiveLooped(limit int) (n int) {
	// Those that these call forth wait for the next turn: two sockets of ours that answer each other must not hold the
	// poll.
	for limit = min(limit, i.loop.queue.Len()); n < limit; n++ {
		p, _ := i.loop.queue.Front()
		i.stats.Looped++
		i.count(i.looped(p))
		i.loop.queue.Pop()
	}
	return n
}

// looped takes one packet.
func (i *Interface) looped(b []byte) DropReason {
	p := packet{looped: true}
	if ip, extended := extensions(b); extended {
		return i.receiveExtended(ip, &p)
	}
	if !i.decoder.decodeIP(b) {
		return DropMalformed
	}
	if b[0]>>4 == 4 {
		return i.receiveIPv4(&i.decoder.ip4, &p)
	}
	return i.receiveIPv6(&i.decoder.ip6, &p)
}

// serveLooped is serve for a connection with ourselves. While the queue is full the connection waits as it waits for a
// device.
func (i *Interface) serveLooped(c *Conn, limit int) (n int, more bool) {
	for n < limit {
		if i.loop.queue.Len() >= i.limits.LoopPackets {
			i.blocked = true
			return n, true
		}
		length := i.emitPacket(c, i.nowhere())
		if length == 0 {
			return n, false
		}
		if b := i.loop.push(length); b != nil {
			copy(b, i.nowhere()[:length])
		} else {
			i.stats.OutDrops[DropLoopFull]++
		}
		n++
	}
	return n, true
}
