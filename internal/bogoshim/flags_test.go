package main

import (
	"errors"
	"testing"
)

func TestFlagsAreForTheConnectionsTheyName(t *testing.T) {
	o, err := parseFlags([]string{"-server", "-port", "77", "-on-resume-shim-writes-first", "-on-initial-expect-alpn", "a", "-curves", "29", "-on-retry-curves", "23"})
	if err != nil {
		t.Fatal(err)
	}
	for p := range o {
		if !o[p].server || o[p].port != 77 || o[p].writesFirst != (phase(p) == resume) || len(o[p].check) != len(o[initial].check)*btoi(phase(p) == initial) {
			t.Errorf("phase %d: %+v", p, o[p])
		}
		if want := 1 + btoi(phase(p) == retry); len(o[p].curves) != want || o[p].curves[0] != 29 {
			t.Errorf("phase %d: curves %v", p, o[p].curves)
		}
	}
	for _, args := range [][]string{{"-no-such-flag"}, {"-on-resume-no-such-flag"}} {
		if _, err := parseFlags(args); !errors.Is(err, errUnknownFlag) {
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, args := range [][]string{{"-port"}, {"-port", "x"}, {"-advertise-alpn", "\x05foo"}} {
		if _, err := parseFlags(args); err == nil || errors.Is(err, errUnknownFlag) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
