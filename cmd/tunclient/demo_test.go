package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cli"
)

func TestTheDemonstrationShowsTheMainJobAndEveryBadCase(t *testing.T) {
	var out strings.Builder
	if err := demo(&config{demoBytes: 3 << 20}, &cli.Env{Stdout: &out, Stderr: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"TLS 1.3", "round trips  2.0", "client to server", "server to client", "3 MiB each way"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, c := range demoCases {
		if !strings.Contains(out.String(), c.name+" ") {
			t.Errorf("no row for %q", c.name)
		}
	}
}

func testIdentities(t *testing.T) *demoIdentities {
	t.Helper()
	ids, err := newDemoIdentities(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
