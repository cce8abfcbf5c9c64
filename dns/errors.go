package dns

import (
	"errors"
	"fmt"

	"golang.org/x/net/dns/dnsmessage"
)

// Why a name has no answer. errors.Is finds them in an *[Error].
var (
	ErrNotFound  = errors.New("there is no such name")                // NXDOMAIN
	ErrNoData    = errors.New("the name has no address of that kind") // RFC 2308 §2.2
	ErrServer    = errors.New("the server could not or would not answer")
	ErrMalformed = errors.New("the answer is malformed")
	ErrAliases   = errors.New("too many aliases") // Limits.Aliases, a loop among them
	ErrName      = errors.New("not a name that DNS can have")
	ErrBusy      = errors.New("too many questions are under way") // Limits.Queries
	ErrClosed    = errors.New("the client is closed")
)

// ErrTimeout says that no server has answered in time. It is a net.Error whose Timeout is true.
var ErrTimeout error = timeoutError{}

type timeoutError struct{}

func (timeoutError) Error() string   { return "no server has answered in time" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

// Error is a lookup that failed: of what, and why.
type Error struct {
	Name string // as it was asked for
	Type Type
	Err  error // one of those above, or why the servers can't be reached
}

// Error says all of it.
func (e *Error) Error() string { return fmt.Sprintf("dns: %s %v: %v", e.Name, e.Type, e.Err) }

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether it is one, for net.Error.
func (e *Error) Timeout() bool { return errors.Is(e.Err, ErrTimeout) }

// Temporary reports whether the same question may be answered later.
func (e *Error) Temporary() bool {
	return e.Timeout() || errors.Is(e.Err, ErrServer) || errors.Is(e.Err, ErrBusy)
}

// refusal is an answer that is an error of the server's.
func refusal(code dnsmessage.RCode) error { return fmt.Errorf("%w (%v)", ErrServer, code) }
