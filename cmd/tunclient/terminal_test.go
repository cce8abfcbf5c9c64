package main

import (
	"strings"
	"testing"
)

func TestTerminalSendsItsInputAndWritesWhatComesBack(t *testing.T) {
	p := newPeer(t, echo)
	data := strings.Repeat("a line of input\n", 50_000) // more than all buffers hold
	out, said, err := p.run(t, data, "-server-cert", p.id.Cert, "-v", "192.0.2.2:443")
	if err != nil || out != data {
		t.Fatalf("%d of %d bytes came back, %v", len(out), len(data), err)
	}
	if !strings.Contains(said, "connected to 192.0.2.2:443: TLS 1.3") {
		t.Errorf("%q", said)
	}
}
