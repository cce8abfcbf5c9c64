package main

import (
	"testing"

	"smoltls/internal/footprint/capture"
)

func TestItSaysHello(t *testing.T) {
	if said := capture.Stdout(t, main); said != "hello\n" {
		t.Errorf("it says %q", said)
	}
}
