package ours

import (
	"errors"
	"testing"

	"smoltls/set"
)

func TestRoundTrips(t *testing.T) {
	smoke(t, RoundTrips(false), 1)
	smoke(t, RoundTrips(true), 1)
}

func TestAWrongEchoIsAnError(t *testing.T) {
	w, err := newWire(nil)
	if err != nil {
		t.Fatal(err)
	}
	client, server, err := w.connect(0)
	if err != nil {
		t.Fatal(err)
	}
	// A second server on the same socket answers before the echo does.
	s, _ := w.server.sockets.get(server)
	spoil := func(h set.Handle) error {
		_, err := s.TryWrite([]byte{99})
		return err
	}
	if err := spoil(server); err != nil {
		t.Fatal(err)
	}
	if _, err := w.echoes(client, server, 2); !errors.Is(err, errEcho) {
		t.Errorf("error %v", err)
	}
}
