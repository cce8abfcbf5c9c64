package tidy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	program = regexp.MustCompile("(?s)```go\n(package main\n.*?)```")
	link    = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
)

// documents are the pages that people read.
func documents(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob(moduleRoot + "/docs/*.md")
	if err != nil || len(pages) < 4 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	return append(pages, moduleRoot+"/README.md", moduleRoot+"/SECURITY.md", moduleRoot+"/CONTRIBUTING.md")
}

// A program in a document is one that compiles.
func TestProgramsInDocumentsCompile(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not there: ", err)
	}
	found := 0
	for _, page := range documents(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range program.FindAllSubmatch(text, -1) {
			found++
			src := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(src, p[1], 0o600); err != nil {
				t.Fatal(err)
			}
			build := exec.Command("go", "vet", src)
			build.Dir = moduleRoot
			if out, err := build.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", page, err, out)
			}
		}
	}
	if found == 0 {
		t.Error("no program was found")
	}
}

// What a document links to is there.
func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	for _, page := range documents(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllSubmatch(text, -1) {
			if strings.HasPrefix(string(m[1]), "http") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), string(m[1]))); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
