package top

import "testing"

func TestLinesAreClippedAtCells(t *testing.T) {
	l := Line{{"1.9 µs", Plain}, {" · ", Dim}, {"end", Bad}}
	for w, want := range map[int]string{12: "1.9 µs · end", 99: "1.9 µs · end", 11: "1.9 µs · e…", 7: "1.9 µs…", 5: "1.9 …", 1: "…", 0: ""} {
		if got := l.clip(w); got.String() != want || got.width() > w {
			t.Errorf("%d cells: %q, want %q", w, got, want)
		}
	}
	if got := pad("µ", 3, true) + pad("µ", 3, false) + pad("long", 2, true); got != "  µµ  long" {
		t.Errorf("%q", got)
	}
}
