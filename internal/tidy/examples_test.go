package tidy

import (
	"os"
	"strings"
	"testing"
)

// isPublic reports whether other modules may import the packages of a folder, and build on them.
func isPublic(dir string) bool {
	for part := range strings.SplitSeq(dir, "/") {
		if part == "." || part == "internal" || part == "cmd" || part == "examples" {
			return false
		}
	}
	return true
}

// The page of each package has an example that runs: one whose output is compared.
func TestEveryPackageHasAnExampleThatRuns(t *testing.T) {
	m, err := Read(os.DirFS(moduleRoot))
	if err != nil {
		t.Fatal(err)
	}
	runs := make(map[string]bool)
	for _, s := range m.Sources {
		if !isPublic(s.Dir()) {
			continue
		}
		text := ""
		if s.IsTest() {
			b, err := os.ReadFile(moduleRoot + "/" + s.Path)
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		runs[s.Dir()] = runs[s.Dir()] || strings.Contains(text, "\nfunc Example") && strings.Contains(text, "\t// Output:")
	}
	if len(runs) < 9 {
		t.Errorf("only %d packages: %v", len(runs), runs)
	}
	for dir, ok := range runs {
		if !ok {
			t.Errorf("%s has none", dir)
		}
	}
}
