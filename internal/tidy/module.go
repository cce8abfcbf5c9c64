package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// ModulePath is the module whose source is read.
const ModulePath = "smoltls"

// Source is one parsed Go file.
type Source struct {
	Path string // slash-separated, below the module's root
	AST  *ast.File
	fset *token.FileSet
}

// Dir is the folder of the file; "." for the module's root.
func (s *Source) Dir() string { return path.Dir(s.Path) }

// IsTest reports whether the file is compiled for tests only.
func (s *Source) IsTest() bool { return strings.HasSuffix(s.Path, "_test.go") }

// Stem is the file's name without ".go".
func (s *Source) Stem() string { return strings.TrimSuffix(path.Base(s.Path), ".go") }

func (s *Source) line(p token.Pos) int { return s.fset.Position(p).Line }

func (s *Source) finding(n ast.Node, format string, args ...any) Finding {
	return Finding{s.Path, s.line(n.Pos()), fmt.Sprintf(format, args...)}
}

// Module is the source of a module: its Go files, and every file's text.
type Module struct {
	Sources []*Source
	Texts   []Text
}

// Text is a file that people read.
type Text struct {
	Path    string
	Content string
}

// Read reads the module whose root is fsys. Modules below it are not parsed, but their text is there. A Go file that
// can't be parsed is an error.
func Read(fsys fs.FS) (*Module, error) {
	m := &Module{}
	fset := token.NewFileSet()
	var nested []string // folders of modules below this one
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if path.Base(name) == ".git" {
				return fs.SkipDir
			}
			if _, err := fs.Stat(fsys, path.Join(name, "go.mod")); err == nil && name != "." {
				nested = append(nested, name+"/")
			}
			return nil
		case !d.Type().IsRegular() || !isText(name):
			return nil
		}
		return m.add(fset, fsys, name, below(nested, name))
	})
	return m, err
}

// add reads one file; one of a nested module is text only.
func (m *Module) add(fset *token.FileSet, fsys fs.FS, name string, nested bool) error {
	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return nil // a program that was built here
	}
	m.Texts = append(m.Texts, Text{name, string(content)})
	if path.Ext(name) != ".go" || nested || strings.Contains("/"+name, "/testdata/") {
		return nil
	}
	f, err := parser.ParseFile(fset, name, content, parser.ParseComments)
	if err != nil {
		return err
	}
	m.Sources = append(m.Sources, &Source{name, f, fset})
	return nil
}

func below(folders []string, name string) bool {
	for _, f := range folders {
		if strings.HasPrefix(name, f) {
			return true
		}
	}
	return false
}

// isText reports whether a file of that name is written for people, or for machines in a form that people read.
func isText(name string) bool {
	switch path.Ext(name) {
	case "", ".go", ".md", ".mod", ".sum", ".sh", ".txt", ".json", ".yml", ".yaml", ".cnf", ".golden", ".html", ".tsv", ".csv":
		return !strings.HasPrefix(path.Base(name), ".git")
	}
	return path.Dir(name) == ".ci"
}

// Check applies every rule.
func (m *Module) Check() []Finding {
	var all []Finding
	for _, rule := range []func(*Module) []Finding{CheckStillness, CheckLength, CheckSiblings, CheckDocs, CheckImports, CheckText, CheckWidth} {
		all = append(all, rule(m)...)
	}
	sortFindings(all)
	return all
}
