package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

// Among equals the client's order counts, and only among those; a group that has no share is asked for.
func TestGroupsThatAServerLikesEqually(t *testing.T) {
	const x, p256, p384 = tls.X25519, tls.CurveP256, tls.CurveP384
	for _, c := range []struct {
		server, equal, client []tls.CurveID
		want                  tls.CurveID
		retry                 bool
	}{
		{[]tls.CurveID{x, p256, p384}, nil, []tls.CurveID{p384, p256, x}, x, true},
		{[]tls.CurveID{x, p256, p384}, []tls.CurveID{x}, []tls.CurveID{p384, p256, x}, p256, true},
		{[]tls.CurveID{x, p256, p384}, []tls.CurveID{x}, []tls.CurveID{p256, x}, p256, false},
		{[]tls.CurveID{x, p256, p384}, []tls.CurveID{x}, []tls.CurveID{x, p256}, x, false},
		{[]tls.CurveID{x, p256, p384}, []tls.CurveID{x}, []tls.CurveID{p384}, p384, false},
		{[]tls.CurveID{x, p256, p384}, []tls.CurveID{x, p256}, []tls.CurveID{p384, x, p256}, p384, false},
		{[]tls.CurveID{x, p256, p384}, []tls.CurveID{p256}, []tls.CurveID{p384, p256}, p384, false},
	} {
		p := newPair(t, func(cc, sc *Config) {
			cc.CurvePreferences, sc.CurvePreferences, sc.EqualCurves = c.client, c.server, c.equal
		})
		p.mustHandshake()
		if cs := p.client.ConnectionState(); cs.CurveID != c.want || cs.HelloRetryRequest != c.retry {
			t.Errorf("%v, %v equal; the client's %v: %v, retry %v", c.server, c.equal, c.client, cs.CurveID, cs.HelloRetryRequest)
		}
	}
	p := newPair(t, func(c, s *Config) {
		c.CurvePreferences, s.CurvePreferences, s.EqualCurves = []tls.CurveID{p384}, []tls.CurveID{x, p256}, []tls.CurveID{x}
	})
	p.handshake()
	p.wantAlert(p.server, AlertHandshakeFailure)
	if !errors.Is(p.server.Err(), ErrNoCommonGroup) {
		t.Error(p.server.Err())
	}
}

func TestEqualCurvesAreFollowedByAnother(t *testing.T) {
	for _, equal := range [][]tls.CurveID{{tls.CurveP256}, {tls.CurveP384}} {
		cfg := Config{InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256}, EqualCurves: equal}
		if err := cfg.Check(RoleClient); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", equal, err)
		}
	}
}
