package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/phy"
)

func TestMeasureCountsBothWays(t *testing.T) {
	p := newPeer(t, echo)
	out, _, err := p.run(t, "", "-server-cert", p.id.Cert, "-bytes", "1000000", "192.0.2.2:443")
	if err != nil || !strings.Contains(out, "sent 1000000 bytes (") || !strings.Contains(out, "received 1000000 (") {
		t.Fatalf("%q %v", out, err)
	}
}

func TestMeasureThatDoesNotComeToItsEndFails(t *testing.T) {
	var said bytes.Buffer
	for _, ended := range []error{cli.ErrInterrupted, phy.ErrClosed} {
		err := newMeasure(5, &cli.Env{Stdout: &said, Stderr: &said}).finish(ended)
		if err == nil || said.Len() != 0 || ended == cli.ErrInterrupted && !strings.Contains(err.Error(), "0 of 5 bytes") {
			t.Errorf("%v: %v, %q", ended, err, said.String())
		}
		if ended != cli.ErrInterrupted && !errors.Is(err, ended) {
			t.Errorf("%v, want %v", err, ended)
		}
	}
}
