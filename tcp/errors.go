package tcp

import "errors"

// Errors of a Socket. errors.Is finds them.
var (
	ErrWouldBlock  = errors.New("tcp: would block")                               // nothing can be done now; later it can
	ErrNotOpen     = errors.New("tcp: connection does not exist")                 // the socket was never connected, or Open got no SYN
	ErrInUse       = errors.New("tcp: socket is in use")                          // Connect or Open on a socket that has, or had, a connection
	ErrClosed      = errors.New("tcp: connection closing")                        // this side has closed that direction
	ErrAborted     = errors.New("tcp: connection aborted by this side")           // Abort
	ErrReset       = errors.New("tcp: connection reset by peer")                  // RST
	ErrRefused     = errors.New("tcp: connection refused")                        // RST in answer to SYN
	ErrNoBuffer    = errors.New("tcp: more bytes than AvailableBuffer has given") // Commit
	ErrUnreachable = errors.New("tcp: no way to the peer")                        // the host gave up: Socket.Fail; or a router has: Socket.Unreached
)

// Errors of a Socket whose peer is silent. Each is ErrTimeout for errors.Is, and a net.Error whose Timeout is true for
// errors.As.
var (
	ErrTimeout     error = &timeoutError{"tcp: timed out: no answer to anything that was sent"}                         // SYN, or Config.MaxRetries
	ErrNoWay       error = &timeoutError{"tcp: timed out: routers say that there is no way to the peer"}                // the same, and ICMP errors; ErrUnreachable too
	ErrUserTimeout error = &timeoutError{"tcp: user timeout: the peer has acknowledged nothing in time"}                // Config.UserTimeout
	ErrLinger      error = &timeoutError{"tcp: timed out: the peer has not acknowledged what was written before Close"} // Config.Linger
	ErrKeepAlive   error = &timeoutError{"tcp: timed out: no answer to keep-alive probes"}                              // Config.KeepAlive
)

type timeoutError struct{ text string }

func (e *timeoutError) Error() string   { return e.text }
func (e *timeoutError) Timeout() bool   { return true }
func (e *timeoutError) Temporary() bool { return false }
func (e *timeoutError) Is(target error) bool {
	return target == ErrTimeout || e == ErrNoWay && target == ErrUnreachable
}
