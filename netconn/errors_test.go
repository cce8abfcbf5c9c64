package netconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestErrorsAreBothOursAndTheNetPackages(t *testing.T) {
	for _, c := range []struct {
		err, want error
		timeout   bool
	}{
		{tcp.ErrRefused, syscall.ECONNREFUSED, false},
		{&tlssock.TransportError{Err: tcp.ErrReset}, syscall.ECONNRESET, false},
		{tcp.ErrTimeout, syscall.ETIMEDOUT, true},
		{fmt.Errorf("more: %w", tcp.ErrUserTimeout), syscall.ETIMEDOUT, true},
		{tcp.ErrKeepAlive, syscall.ETIMEDOUT, true},
		{tlssock.ErrWriteClosed, syscall.EPIPE, false},
		{context.DeadlineExceeded, os.ErrDeadlineExceeded, true},
		{context.Canceled, context.Canceled, false},
		{tlssock.ErrTruncated, tlssock.ErrTruncated, false},
	} {
		err := &net.OpError{Op: "read", Net: "tcp", Err: explain(c.err)}
		if !errors.Is(err, c.err) || !errors.Is(err, c.want) {
			t.Errorf("%v: not both errors are found", err)
		}
		var ne net.Error
		if !errors.As(err, &ne) || ne.Timeout() != c.timeout {
			t.Errorf("%v: timeout is %v", err, ne.Timeout())
		}
		if got, want := err.Error(), "read tcp: "+c.err.Error(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
