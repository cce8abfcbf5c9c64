package tcp

import "errors"

// Errors of a Socket. errors.Is finds them.
var (
	ErrWouldBlock  = errors.New("tcp: would block")                                     // nothing can be done now; later it can
	ErrNotOpen     = errors.New("tcp: connection does not exist")                       // the socket was never connected
	ErrInUse       = errors.New("tcp: socket is in use")                                // Connect or Open on a socket that has a connection
	ErrClosed      = errors.New("tcp: connection closing")                              // this side has closed that direction
	ErrAborted     = errors.New("tcp: connection aborted by this side")                 // Abort
	ErrReset       = errors.New("tcp: connection reset by peer")                        // RST
	ErrRefused     = errors.New("tcp: connection refused")                              // RST in answer to SYN
	ErrTimeout     = errors.New("tcp: connection attempt timed out")                    // no answer to SYN
	ErrUserTimeout = errors.New("tcp: user timeout: peer acknowledged nothing in time") // Config.UserTimeout
	ErrKeepAlive   = errors.New("tcp: peer does not answer keep-alive probes")          // Config.KeepAlive
	ErrNoBuffer    = errors.New("tcp: reservation larger than the send buffer")         // AvailableBuffer and Commit
	ErrUnreachable = errors.New("tcp: no way to the peer")                              // the host gave up: Socket.Fail
)
