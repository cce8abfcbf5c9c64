package tlstest

import (
	"strings"
	"testing"
	"time"

	"smoltls/tlssock"
)

// gullible takes the same early data as often as it comes.
type gullible struct{}

func (gullible) Accept(time.Time, tlssock.EarlyHello) bool { return true }

func TestAServerThatTakesReplaysIsFoundOut(t *testing.T) {
	c := Case{Name: "replay", Finder: server, Err: tlssock.ErrTruncated, NoAlert: true, run: replay}
	out := c.Run(t, Options{Configure: func(role tlssock.Role, cfg *tlssock.Config) {
		if role == server {
			cfg.ReplayGuard = gullible{}
		}
	}})
	if err := c.Check(out); err == nil || !strings.Contains(err.Error(), "does not object") {
		t.Errorf("%v", err)
	}
}
