package top

import (
	"fmt"
	"strings"
	"testing"
)

func TestALogIsHeldUntilItIsClosed(t *testing.T) {
	var out strings.Builder
	l := NewLog(&out)
	fmt.Fprint(l, "one\ntw")
	fmt.Fprint(l, "o\nrest")
	if got := l.tail(5); out.Len() > 0 || fmt.Sprint(got) != "[one two]" {
		t.Errorf("%q, and %q was said", got, out.String())
	}
	if got := l.tail(1); fmt.Sprint(got) != "[two]" {
		t.Errorf("%q", got)
	}
	l.Close()
	l.Close()
	fmt.Fprint(l, " and after\n")
	if out.String() != "one\ntwo\nrest and after\n" {
		t.Errorf("%q", out.String())
	}
}

func TestALogKeepsWithinItsBounds(t *testing.T) {
	var out strings.Builder
	l := NewLog(&out)
	for i := range mostLogLines + 7 {
		fmt.Fprintf(l, "%d %s\n", i, strings.Repeat("x", 2*mostLogLine))
	}
	l.Close()
	said := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(said) != mostLogLines+1 || said[0] != "(7 lines before these were not kept)" || !strings.HasPrefix(said[1], "7 xxx") {
		t.Errorf("%d lines, first %.60q %.60q", len(said), said[0], said[1])
	}
	for _, line := range said {
		if len(line) > mostLogLine {
			t.Fatalf("a line of %d", len(line))
		}
	}
}
