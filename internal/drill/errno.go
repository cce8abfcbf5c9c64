package drill

import (
	"errors"

	"smoltls/iface"
	"smoltls/tcp"
)

// errnoOf says what Linux would have said in place of an error of the stack. What is more special stands first: an
// ErrUserTimeout is an ErrTimeout too.
func errnoOf(err error) Errno {
	for _, e := range []struct {
		err  error
		code Errno
	}{
		{nil, 0},
		{tcp.ErrWouldBlock, EAGAIN},
		{tcp.ErrReset, ECONNRESET},
		{tcp.ErrRefused, ECONNREFUSED},
		{tcp.ErrUnreachable, EHOSTUNREACH},
		{tcp.ErrTimeout, ETIMEDOUT},
		{tcp.ErrAborted, ECONNABORTED},
		{tcp.ErrClosed, EPIPE},
		{tcp.ErrNotOpen, ENOTCONN},
		{tcp.ErrInUse, EISCONN},
		{iface.ErrAddrInUse, EADDRINUSE},
		{iface.ErrNotOurs, EADDRNOTAVAIL},
		{iface.ErrAddress, EINVAL},
	} {
		if errors.Is(err, e.err) {
			return e.code
		}
	}
	return ENETUNREACH
}
