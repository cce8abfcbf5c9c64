package cli

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

func TestExitStatusTellsUsageFromFailureInOneLine(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		line   string
	}{
		{nil, ExitOK, ""},
		{flag.ErrHelp, ExitOK, ""},
		{errors.New("peer went away"), ExitFailed, "tunclient: peer went away\n"},
		{errors.Join(errors.New("one"), errors.New("two")), ExitFailed, "tunclient: one; two\n"},
		{errors.New("the server answers 404 \x1b[2J\a\u202eno\u00a0w\x7f\xff"), ExitFailed, "tunclient: the server answers 404 \\x1b[2J\\a\\u202eno\\u00a0w\\x7f\\ufffd\n"},
		{errors.New("https://b\u00fccher.example/: \u201cno\u201d"), ExitFailed, "tunclient: https://b\u00fccher.example/: \u201cno\u201d\n"},
		{Usagef("-addr is needed with %s", "-tap"), ExitUsage, "tunclient: -addr is needed with -tap (tunclient -h lists the flags)\n"},
	} {
		var w strings.Builder
		if got := Exit(&w, "tunclient", c.err); got != c.status || w.String() != c.line {
			t.Errorf("%v: status %d, want %d; %q, want %q", c.err, got, c.status, w.String(), c.line)
		}
	}
}
