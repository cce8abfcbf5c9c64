package main

import (
	"strings"
	"testing"

	"smoltls/internal/footprint/capture"
)

func TestTheTableHasARowForEachKey(t *testing.T) {
	said := capture.Stdout(t, func() {
		if err := run(""); err != nil {
			t.Fatal(err)
		}
	})
	for _, key := range []string{"| Ed25519 | ", "| ECDSA P-256 | ", "| ECDSA P-384 | ", "| RSA | "} {
		if strings.Count(said, key) != 1 {
			t.Errorf("%q is not there:\n%s", key, said)
		}
	}
}
