package drill

import (
	"errors"
	"fmt"
	"testing"

	"smoltls/tcp"
)

func TestErrorsHaveTheirNumbers(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Errno
	}{
		{nil, 0}, {tcp.ErrWouldBlock, EAGAIN}, {tcp.ErrReset, ECONNRESET}, {tcp.ErrRefused, ECONNREFUSED}, {tcp.ErrTimeout, ETIMEDOUT}, {tcp.ErrUserTimeout, ETIMEDOUT},
		{tcp.ErrKeepAlive, ETIMEDOUT}, {tcp.ErrNoWay, EHOSTUNREACH}, {tcp.ErrClosed, EPIPE}, {fmt.Errorf("x: %w", tcp.ErrNotOpen), ENOTCONN}, {errors.New("x"), ENETUNREACH},
	} {
		if got := errnoOf(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}
