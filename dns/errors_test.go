package dns

import (
	"errors"
	"net"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestAnErrorSaysWhatAndWhy(t *testing.T) {
	for err, want := range map[error]struct {
		text               string
		timeout, temporary bool
	}{
		ErrTimeout:                       {"dns: a.test AAAA: no server has answered in time", true, true},
		ErrNotFound:                      {"dns: a.test AAAA: there is no such name", false, false},
		refusal(dnsmessage.RCodeRefused): {"dns: a.test AAAA: the server could not or would not answer (RCodeRefused)", false, true},
	} {
		e := &Error{"a.test", AAAA, err}
		var ne net.Error
		if !errors.As(error(e), &ne) || ne.Timeout() != want.timeout || e.Temporary() != want.temporary || e.Error() != want.text || !errors.Is(e, err) {
			t.Errorf("%v", e)
		}
	}
}
