package redisguard

import (
	"testing"
	"time"

	"smoltls/tlssock"
)

func TestWhatMayHaveBeenForgottenIsNotComplete(t *testing.T) {
	m := memory{window: time.Minute}
	m.remember("a", epoch)
	m.remember("a", epoch.Add(time.Hour)) // nothing new
	for _, c := range []struct {
		issued, expected time.Duration // since epoch
		want             bool
	}{{-time.Hour, 0, false}, {-time.Hour, 2*time.Minute - 1, false}, {-time.Hour, 2 * time.Minute, true}, {time.Minute - 1, time.Minute, false}, {time.Minute, time.Minute, true}} {
		if got := m.complete(tlssock.EarlyHello{Issued: epoch.Add(c.issued), Expected: epoch.Add(c.expected)}); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	m.remember("b", epoch.Add(time.Hour))
	if m.complete(tlssock.EarlyHello{Issued: epoch, Expected: epoch.Add(time.Hour)}) {
		t.Error("another has answered, and nothing changed")
	}
}
