package iface

import (
	"slices"

	"smoltls/tcp"
)

// Draining reports whether a connection that was released has still something that the peer has not acknowledged, its
// FIN included, or packets wait for the hardware address of a neighbour that is being asked for. It looks at all of
// them, and is meant for the end of a program.
func (i *Interface) Draining() bool {
	return slices.ContainsFunc(i.orphanQueue, (*Conn).draining) ||
		slices.ContainsFunc(i.neighbors.asking, (*neighbor).holds) || slices.ContainsFunc(i.neighbors.wanted, (*neighbor).holds)
}

// draining reports that an orphan has something to send, or to hear of.
func (c *Conn) draining() bool {
	if c.flags&connListed == 0 {
		return false
	}
	switch c.State() {
	case tcp.StateSynReceived, tcp.StateFinWait1, tcp.StateClosing, tcp.StateLastAck:
		return true
	}
	return false
}

// holds reports that packets wait for nb.
func (nb *neighbor) holds() bool { return nb.held != nil }
