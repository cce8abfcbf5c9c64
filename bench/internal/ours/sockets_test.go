package ours

import (
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/bench/internal/identity"
	"smoltls/set"
)

// wires gives a wire of either kind.
func wires(t *testing.T) map[string]*wire {
	t.Helper()
	cfgs, err := newConfigs(identity.Ed25519, tls.X25519, false)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]*wire)
	for name, c := range map[string]*configs{"TCP": nil, "TLS": cfgs} {
		if all[name], err = newWire(c); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestBothKindsOfSetServeWhatIsReadyAndForgetWhatIsRemoved(t *testing.T) {
	for name, w := range wires(t) {
		client, server, err := w.connect(0)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		served := 0
		w.server.serve = func(h set.Handle) error {
			if h == server {
				served++
			}
			return nil
		}
		c, _ := w.client.sockets.get(client)
		if _, err := c.TryWrite([]byte("news")); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := w.until(func() bool { return served > 0 }); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.Close(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.client.sockets.remove(client)
		if _, ok := w.client.sockets.get(client); ok || w.client.sockets.established(client) {
			t.Errorf("%s: a removed handle names something", name)
		}
		if err := w.until(func() bool { return w.client.sockets.left() == 0 }); err != nil {
			t.Errorf("%s: the client's socket stays: %v", name, err)
		}
	}
}

func TestAnErrorOfAServerEndsTheTurn(t *testing.T) {
	broken := errors.New("broken")
	for name, w := range wires(t) {
		client, _, err := w.connect(0)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.server.serve = func(set.Handle) error { return broken }
		c, _ := w.client.sockets.get(client)
		c.TryWrite([]byte{1})
		if err := w.until(func() bool { return false }); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
