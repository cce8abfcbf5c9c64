package main

import (
	"io"
	"os"
	"strings"
	"testing"
)

func TestTheTableHasARowForEachKey(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()
	os.Stdout = w
	if err := run(""); err != nil {
		t.Fatal(err)
	}
	w.Close()
	said, _ := io.ReadAll(r)
	for _, key := range []string{"| Ed25519 | ", "| ECDSA P-256 | ", "| ECDSA P-384 | ", "| RSA | "} {
		if strings.Count(string(said), key) != 1 {
			t.Errorf("%q is not there:\n%s", key, said)
		}
	}
}
