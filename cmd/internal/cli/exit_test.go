package cli

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

func TestExitStatusTellsUsageFromFailure(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		lines  int
	}{
		{nil, ExitOK, 0},
		{flag.ErrHelp, ExitOK, 0},
		{errors.New("peer went away"), ExitFailed, 1},
		{Usagef("-addr is needed with -tap"), ExitUsage, 2},
	} {
		var w strings.Builder
		if got := Exit(&w, "tunclient", c.err); got != c.status {
			t.Errorf("%v: status %d, want %d", c.err, got, c.status)
		}
		if n := strings.Count(w.String(), "\n"); n != c.lines {
			t.Errorf("%v: %d lines: %q", c.err, n, w.String())
		}
		if c.lines > 0 && !strings.Contains(w.String(), c.err.Error()) {
			t.Errorf("%q does not say %v", w.String(), c.err)
		}
	}
}
