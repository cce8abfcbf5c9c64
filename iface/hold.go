package iface

import (
	"net/netip"

	"smoltls/internal/dgram"
)

// held is packets that wait for a neighbour's hardware address (RFC 1122 §2.3.2.2, RFC 4861 §7.2.2).
type held = dgram.Queue[struct{}]

// hold gives memory for a packet of n bytes that is sent when nb is known; the oldest gives way. nil: there is none.
func (nb *neighbor) hold(i *Interface, n int) []byte {
	if nb.held == nil {
		nb.held = new(held)
		nb.held.Init(i.env.Pool, i.limits.HeldBytes, i.limits.HeldBytes)
	}
	for nb.held.Len() > 0 && nb.held.Bytes()+n > i.limits.HeldBytes {
		nb.held.Pop()
		i.stats.OutDrops[DropNoNeighbor]++
	}
	return nb.held.Push(struct{}{}, 0, n)
}

// release sends what nb held, now that it is known.
func (i *Interface) release(nb *neighbor) {
	for nb.held != nil && nb.held.Len() > 0 {
		p, _ := nb.held.Front()
		if buf := i.dev.Buffer(i.hdrLen + len(p)); buf != nil {
			i.putIPLink(buf, &nb.mac, p[0]>>4 == 4)
			copy(buf[i.hdrLen:], p)
			if i.transmit(i.hdrLen+len(p)) != nil {
				i.stats.OutDrops[DropNoBuffer]++
			}
		} else {
			i.stats.OutDrops[DropNoBuffer]++
		}
		nb.held.Pop()
	}
	nb.held = nil
}

// Resolving reports whether packets to dst wait for the hardware address of the station that is the next hop.
func (i *Interface) Resolving(dst netip.Addr) bool {
	hop, ok := i.nextHop(plain(dst))
	if !ok {
		return false
	}
	nb := i.neighbors.m[hop]
	return nb != nil && nb.held != nil
}

// giveUp drops what nb held: nobody is there. Who sent it hears of it as if a router had said so (RFC 1122 §2.3.2.2,
// RFC 4861 §7.2.2).
func (i *Interface) giveUp(nb *neighbor) {
	if nb.held == nil {
		return
	}
	i.stats.OutDrops[DropNoNeighbor] += uint64(nb.held.Len())
	for b, _ := nb.held.Front(); b != nil; b, _ = nb.held.Front() {
		i.undelivered(b)
		nb.held.Pop()
	}
	nb.held = nil
}

// undelivered tells the socket for datagrams that has sent the packet b.
func (i *Interface) undelivered(b []byte) {
	v4 := b[0]>>4 == 4
	q, ok := readQuoted(b, v4)
	if !ok {
		return
	}
	said := packet{v4: v4, payload: []byte{icmp6Unreachable, icmp6CodeAddress}}
	if v4 {
		said.payload = []byte{icmp4Unreachable, icmp4CodeHost}
	}
	said.tuple.remote = q.tuple.local
	i.socketError(&said, &q, icmpNews{})
}
