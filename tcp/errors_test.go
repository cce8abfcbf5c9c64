package tcp

import (
	"errors"
	"net"
	"testing"
)

func TestTimeoutsAreFoundUnderOneNameAndAreNetErrors(t *testing.T) {
	for _, err := range []error{ErrTimeout, ErrUserTimeout, ErrKeepAlive} {
		var n net.Error
		if !errors.Is(err, ErrTimeout) || !errors.As(err, &n) || !n.Timeout() {
			t.Error(err)
		}
	}
	if errors.Is(ErrTimeout, ErrKeepAlive) || errors.Is(ErrReset, ErrTimeout) {
		t.Error("errors that differ are taken for each other")
	}
}
