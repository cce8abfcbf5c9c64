package dhcp

import "errors"

// Why there is no lease, or there is one no longer. errors.Is finds them in [Client.Err] and [Event].Err.
var (
	ErrNoAnswer   = errors.New("dhcp: no server has answered")
	ErrNoOffer    = errors.New("dhcp: no offer was chosen") // by Config.Choose
	ErrRefused    = errors.New("dhcp: the server refuses the address")
	ErrConflict   = errors.New("dhcp: another station has the address")
	ErrExpired    = errors.New("dhcp: the lease has ended, and no server has renewed it")
	ErrConfigured = errors.New("dhcp: the interface can't be made what the lease says") // iface's error is beside it
	ErrClosed     = errors.New("dhcp: the client is closed")
)

// Why a message that came counts for nothing: see [Stats].
var (
	errForeign   = errors.New("dhcp: not an answer to this client's question")
	errMalformed = errors.New("dhcp: malformed message")
)
