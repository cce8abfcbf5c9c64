package tidy

import (
	"go/ast"
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the README claims has the name of a test beside it: one that is renamed, or gone, is found here.
func TestREADMENamesTestsThatExist(t *testing.T) {
	m, err := Read(os.DirFS(moduleRoot))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, s := range m.Sources {
		if !s.IsTest() {
			continue
		}
		for _, d := range s.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				tests[fn.Name.Name] = true
			}
		}
	}
	text, err := os.ReadFile(moduleRoot + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	security, err := os.ReadFile(moduleRoot + "/SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, security...)
	named := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`").FindAllSubmatch(text, -1)
	if len(named) < 25 {
		t.Fatalf("only %d tests are named: the table of features is gone", len(named))
	}
	for _, n := range named {
		if !tests[string(n[1])] {
			t.Errorf("there is no %s", n[1])
		}
	}
	for row := range strings.Lines(string(text)) {
		if cells := strings.Split(row, "|"); len(cells) == 9 && strings.Contains(cells[2], "✔") && !strings.Contains(cells[2], "`Test") {
			t.Errorf("no test is named for%s", cells[1])
		}
	}
}
