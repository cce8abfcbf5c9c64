package dhcp

import "fmt"

// EventKind is what has happened.
type EventKind uint8

// The kinds.
const (
	Bound   EventKind = 1 + iota // there is a lease: the interface is configured by it
	Renewed                      // the lease lasts longer, and may say other things than before
	Lost                         // the lease is no more, and its address has been taken away; Err says why. The client looks for another one
	Failed                       // an attempt to get a lease has failed; Err says why. The client goes on
	Ended                        // the client was told to release the lease, or to close
)

// String names the kind.
func (k EventKind) String() string {
	if k >= Bound && k <= Ended {
		return [...]string{"bound", "renewed", "lost", "failed", "ended"}[k-Bound]
	}
	return "nothing"
}

// Event tells what has happened.
type Event struct {
	Kind  EventKind
	Lease Lease // that it is about; the zero Lease: about none. It is the receiver's
	Err   error
}

// String says all of it in a line.
func (e Event) String() string {
	s := "dhcp: " + e.Kind.String()
	if e.Lease.Addr.IsValid() {
		s += fmt.Sprintf(" %v from %v", e.Lease.Addr, e.Lease.Server)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}
