package tlssock

import (
	"bytes"
	"testing"
	"time"
)

func TestASessionIsFreshWhileItsTicketLives(t *testing.T) {
	for _, c := range []struct {
		issued, proved, lifetime time.Duration
		fresh                    bool
	}{
		{0, 0, time.Hour, true}, {time.Hour - 1, time.Hour, time.Hour, true}, {time.Hour, time.Hour, time.Hour, false}, {-2 * time.Minute, 0, time.Hour, false},
		{-30 * time.Second, 0, time.Hour, true}, {time.Hour, maxSessionLife, maxSessionLife, false}, {maxSessionLife, 0, 2 * maxSessionLife, false}, {0, 0, 0, false},
	} {
		s := session{issued: epoch.Add(-c.issued), proved: epoch.Add(-c.proved), lifetime: c.lifetime}
		if s.fresh(epoch) != c.fresh {
			t.Errorf("%+v: not %v", c, c.fresh)
		}
	}
}

// FuzzSession: what parses is written again as it was.
func FuzzSession(f *testing.F) {
	s := session{suite: 0x1301, secret: make([]byte, 32), proved: epoch, issued: epoch, lifetime: time.Hour, protocol: "h2", serverName: "x", chain: [][]byte{{1}, {2, 3}}}
	b, err := s.append(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		var s session
		if s.parse(b) != nil {
			return
		}
		again, err := s.append(nil)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%x became %x, %v", b, again, err)
		}
	})
}
