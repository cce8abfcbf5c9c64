package iface

import "smoltls/tcp"

// Draining reports whether a connection that was released has still something that the peer has not acknowledged, its FIN included. It looks at all that are
// released, and is meant for the end of a program.
func (i *Interface) Draining() bool {
	for _, c := range i.orphanQueue {
		if c.flags&connListed == 0 {
			continue
		}
		switch c.State() {
		case tcp.StateSynReceived, tcp.StateFinWait1, tcp.StateClosing, tcp.StateLastAck:
			return true
		}
	}
	return false
}
