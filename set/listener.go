package set

import (
	"net/netip"

	"smoltls/iface"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// ListenerHandle names a listener of one set, as a [Handle] names a socket. The zero ListenerHandle names nothing.
type ListenerHandle struct{ h Handle }

// String gives the handle in the form "index.generation", for logs.
func (l ListenerHandle) String() string { return l.h.String() }

// ListenConfig says how a TLS listener treats connections.
type ListenConfig struct {
	TLS *tlssock.Config  // who we are and whom we accept; required
	TCP tcp.ListenConfig // queues and options underneath; zero: defaults

	// AcceptEarly makes Accept give out a connection as soon as early data of it has been accepted
	// (tlssock.Config.MaxEarlyData), for [tlssock.Socket.TryReadEarly], while its handshake goes on. HandshakeFailed is
	// not called for one that was given out, or waited for that: its Err says why it failed.
	AcceptEarly bool

	// HandshakeFailed, if not nil, is called for each connection whose handshake failed, from Poll or from a call that
	// made room for it to begin: such a connection never reaches Accept. It must not call the set.
	HandshakeFailed func(remote netip.AddrPort, err error)
}

// tlsListener accepts TCP connections and gives out those whose handshake is done.
type tlsListener struct {
	iface.Listener
	cfg     ListenConfig
	done    fifo[*tlsEntry] // handshake finished, waiting for Accept
	blocked bool            // stands in set.blocked: connections may wait in TCP's accept queue
	closed  bool
}
