package iface

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// REQUIREMENTS.md says which test shows what; a test that is renamed or gone is found here.
func TestRequirementsNameTestsThatExist(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	exist := make(map[string]bool)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(text, -1) {
			exist[string(m[1])] = true
		}
	}
	text, err := os.ReadFile("REQUIREMENTS.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 || strings.TrimSpace(cells[1]) == "RFC" || strings.HasPrefix(cells[1], "-") {
			continue
		}
		rows++
		named := regexp.MustCompile(`Test\w+`).FindAllString(cells[3], -1)
		if _, reason, not := strings.Cut(cells[3], "not met: "); len(named) == 0 && (!not || len(reason) < 10) {
			t.Errorf("%s: neither a test nor a reason: %s", cells[1], cells[3])
		}
		for _, name := range named {
			if !exist[name] {
				t.Errorf("%s: there is no %s", cells[1], name)
			}
		}
	}
	if rows < 55 {
		t.Errorf("%d rows are read", rows)
	}
}
