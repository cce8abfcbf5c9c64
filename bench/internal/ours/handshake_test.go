package ours

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/identity"
)

func TestHandshake(t *testing.T) {
	smoke(t, Handshake(identity.P256, tls.X25519), 2)
	smoke(t, Handshake(identity.Ed25519, tls.X25519MLKEM768), 2)
}

func TestAfterAHandshakeAndItsCloseNothingIsLeftOfTheSockets(t *testing.T) {
	cfgs, err := newConfigs(identity.Ed25519, tls.X25519, true)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWire(cfgs)
	if err != nil {
		t.Fatal(err)
	}
	w.server.serve = w.closeAtEnd
	for range 3 {
		if err := w.handshakeAndClose(); err != nil {
			t.Fatal(err)
		}
		if a, b := w.client.sockets.left(), w.server.sockets.left(); a != 0 || b != 0 {
			t.Errorf("%d sockets left at the client, %d at the server", a, b)
		}
	}
}
