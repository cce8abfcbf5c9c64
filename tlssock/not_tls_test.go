package tlssock

import (
	"errors"
	"strings"
	"testing"
)

func TestWhatIsNotTLSIsNamed(t *testing.T) {
	for begin, name := range map[string]string{
		"GET /": "an HTTP request", "POST /": "an HTTP request", "HEAD / HTTP/1.1": "an HTTP request", "PUT /x": "an HTTP request",
		"CONNECT host:443": "an HTTP proxy request", "HTTP/1.1 400": "an HTTP response", "SSH-2.0-x": "SSH", "\x80\x2e\x01\x00\x02": "begins with 0x802e010002",
	} {
		p := newPair(t)
		_, err := p.server.RecordLen([]byte(begin))
		if !errors.Is(err, ErrNotTLS) || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", begin, err)
		}
	}
}
