package tidy

import "testing"

func TestFindingsComeInTheOrderOfFilesAndLines(t *testing.T) {
	fs := []Finding{{"b.go", 2, "x"}, {"a.go", 10, "y"}, {"a.go", 9, "z"}}
	sortFindings(fs)
	for i, want := range []string{"a.go:9: z", "a.go:10: y", "b.go:2: x"} {
		if got := fs[i].String(); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}
