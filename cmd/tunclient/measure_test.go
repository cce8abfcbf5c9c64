package main

import (
	"strings"
	"testing"
	"time"
)

func TestMeasureCountsBothWays(t *testing.T) {
	p := newPeer(t, echo)
	_, said, err := p.run(t, "", "-server-cert", p.cert, "-bytes", "1000000", "192.0.2.2:443")
	if err != nil || !strings.Contains(said, "sent 1000000 bytes, received 1000000 in") {
		t.Fatalf("%q %v", said, err)
	}
	if got := rate(3_000_000, 2*time.Second); got != 1.5 {
		t.Errorf("%v MB/s", got)
	}
}

func TestMeasureThatWasInterruptedFails(t *testing.T) {
	var said strings.Builder
	if err := newMeasure(5, &said).finish(nil); err == nil || said.Len() != 0 {
		t.Fatalf("%q", said.String())
	}
}
