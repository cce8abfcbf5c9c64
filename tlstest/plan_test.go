package tlstest

import (
	"testing"
	"testing/synctest"
	"time"

	"smoltls/x509lite"
)

func TestAnEndThatBecomesSomebodyElseIsStillTheOneThatIsPinned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlan(t, Options{KeyType: x509lite.Ed25519Key})
		before := p.server.Own
		p.become(server, "x.test", p.valid(-time.Hour, time.Hour))
		id := p.server.Own
		if id == before || p.client.Peer != id || id.Leaf.KeyType != x509lite.Ed25519Key {
			t.Error("the client expects somebody else")
		}
		if d := id.Leaf.NotAfter.Sub(p.Clock.Now()).Round(time.Minute); d != time.Hour {
			t.Errorf("it is valid for %v", d)
		}
		p.become(client, "y.test", nil)
		if p.client.Own != p.server.Peer || p.client.Own == id {
			t.Error("the server expects somebody else")
		}
	})
}
