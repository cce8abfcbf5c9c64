package set

import "time"

// Limits bounds what a set holds. A zero field is its default.
type Limits struct {
	Sockets   int // sockets with a handle; default [DefaultSockets]
	Listeners int // listeners; default [DefaultListeners]

	// The rest concerns TLS sets.

	Handshakes       int           // handshakes under way at once; beyond it connections wait in TCP's accept queue; default [DefaultHandshakes]
	HandshakeTimeout time.Duration // from the connection's start to the handshake's end; default [DefaultHandshakeTimeout]; negative: none
	GuardTimeout     time.Duration // how long a handshake waits for a guard of [tlssock.GuardLater], before it goes on without early data; default [DefaultGuardTimeout]; negative: no bound of its own
	AcceptBacklog    int           // finished connections that wait in Accept, for each listener, from which on it begins no more handshakes; default [DefaultAcceptBacklog]
	Linger           time.Duration // how long a removed socket may go on to send its last records and end cleanly; default [DefaultLinger]
	Lingering        int           // removed sockets that do so at once; beyond it the oldest is reset; default [DefaultLingering]
	SleepAfter       time.Duration // an idle socket gives back its cipher state after one to two of these; default [DefaultSleepAfter]; negative: never
}

// Defaults of Limits.
const (
	DefaultSockets          = 1 << 20
	DefaultListeners        = 1024
	DefaultHandshakes       = 1024
	DefaultHandshakeTimeout = 30 * time.Second
	DefaultGuardTimeout     = 250 * time.Millisecond
	DefaultAcceptBacklog    = 128
	DefaultLinger           = 30 * time.Second
	DefaultLingering        = 1 << 14
	DefaultSleepAfter       = 2 * time.Second
)

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Sockets, DefaultSockets)
	def(&l.Listeners, DefaultListeners)
	def(&l.Handshakes, DefaultHandshakes)
	def(&l.AcceptBacklog, DefaultAcceptBacklog)
	def(&l.Lingering, DefaultLingering)
	defTime := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	defTime(&l.HandshakeTimeout, DefaultHandshakeTimeout)
	defTime(&l.GuardTimeout, DefaultGuardTimeout)
	defTime(&l.Linger, DefaultLinger)
	defTime(&l.SleepAfter, DefaultSleepAfter)
	return l
}
