package tcp

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// testsOf gives the names of the tests of a package in this module, by its folder.
func testsOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", dir, err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

var testName = regexp.MustCompile(`(?:([a-z0-9]+)\.)?(Test[A-Za-z0-9_]+)`)

// REQUIREMENTS.md says which test shows what; a test that is renamed or gone, and a requirement that nobody speaks of,
// are found here.
func TestRequirementsNameTestsThatExist(t *testing.T) {
	text, err := os.ReadFile("REQUIREMENTS.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{"": testsOf(t, "."), "iface": testsOf(t, "../iface")}
	section, musts, rows := "", []int(nil), 0
	for line := range strings.Lines(string(text)) {
		if s, ok := strings.CutPrefix(line, "## "); ok {
			section = s
		}
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 5 || strings.TrimSpace(cells[1]) == "section" || strings.TrimSpace(cells[1]) == "MUST" || strings.HasPrefix(cells[1], "-") {
			continue
		}
		rows++
		id, shown := strings.TrimSpace(cells[1]), cells[3]
		if strings.HasPrefix(section, "RFC 9293") {
			n, err := strconv.Atoi(id)
			if err != nil {
				t.Error(err)
			}
			musts = append(musts, n)
		}
		found := testName.FindAllStringSubmatch(shown, -1)
		if _, reason, ok := strings.Cut(shown, "not met"); len(found) == 0 && (!ok || len(reason) < len(" by default: ")) {
			t.Errorf("%s, %s: neither a test nor a reason: %s", section, id, shown)
		}
		for _, m := range found {
			if !slices.Contains(tests[m[1]], m[2]) {
				t.Errorf("%s, %s: there is no %s", section, id, m[0])
			}
		}
	}
	for n := range 69 {
		if n >= len(musts) || musts[n] != n+1 {
			t.Fatalf("MUST-%d is missing, or stands in the wrong place", n+1)
		}
	}
	if rows < 100 {
		t.Errorf("%d rows are read", rows)
	}
}
