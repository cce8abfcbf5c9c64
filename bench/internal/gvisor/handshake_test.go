package gvisor

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/identity"
)

func TestHandshake(t *testing.T) {
	smoke(t, Handshake(identity.P256, tls.X25519), 2)
	smoke(t, Handshake(identity.Ed25519, tls.X25519MLKEM768), 2)
}

func TestAServerThatRefusesTheClientFailsTheExperiment(t *testing.T) {
	w, err := newWire()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	l, err := w.listen()
	if err != nil {
		t.Fatal(err)
	}
	ids, err := identity.NewPair(identity.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	client, _ := ids.StdConfigs(tls.X25519, false)
	_, server := ids.StdConfigs(tls.X25519, true)
	finished := make(chan error)
	go serveHandshakes(l, server, finished)
	if err := l.handshakeAndClose(client, finished); err == nil {
		t.Error("a client without a certificate passed for authenticated")
	}
}
