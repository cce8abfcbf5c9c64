package tidy

import (
	"go/ast"
	"go/build/constraint"
	"strings"
)

// CheckSiblings finds files without a test beside them: foo.go wants foo_test.go. doc.go, generated files and files
// without a function body want none. A file for some platforms only, foo_linux.go, is content with any test of foo
// (foo_test.go, foo_linux_test.go, foo_netns_test.go), main.go of a command with any test in its folder.
func CheckSiblings(m *Module) (found []Finding) {
	tests := make(map[string][]string) // stems by folder, without "_test"
	for _, s := range m.Sources {
		if s.IsTest() {
			tests[s.Dir()] = append(tests[s.Dir()], strings.TrimSuffix(s.Stem(), "_test"))
		}
	}
	for _, s := range m.Sources {
		if s.IsTest() || s.Stem() == "doc" || ast.IsGenerated(s.AST) || !s.hasBody() || s.hasTest(tests[s.Dir()]) {
			continue
		}
		found = append(found, Finding{s.Path, 1, "no test beside it: " + s.Stem() + "_test.go"})
	}
	return found
}

// hasTest looks for the file's test among the stems of its folder.
func (s *Source) hasTest(stems []string) bool {
	if s.Stem() == "main" && s.AST.Name.Name == "main" && len(stems) > 0 {
		return true
	}
	subject, forPlatform := s.subject()
	for _, t := range stems {
		if t == s.Stem() || forPlatform && (t == subject || strings.HasPrefix(t, subject+"_")) {
			return true
		}
	}
	return false
}

// subject is the stem without what names the platforms, and whether something does: the file's name or a build
// constraint.
func (s *Source) subject() (subject string, forPlatform bool) {
	subject = s.Stem()
	for {
		i := strings.LastIndexByte(subject, '_')
		if i < 0 || !platforms[subject[i+1:]] {
			break
		}
		subject, forPlatform = subject[:i], true
	}
	if !forPlatform && s.constrained() {
		forPlatform = true
		subject, _, _ = strings.Cut(subject, "_") // foo_other.go
	}
	return subject, forPlatform
}

func (s *Source) constrained() bool {
	for _, g := range s.AST.Comments {
		if g.Pos() > s.AST.Package {
			return false
		}
		for _, c := range g.List {
			if constraint.IsGoBuild(c.Text) {
				return true
			}
		}
	}
	return false
}

// platforms are the endings of file names that the go command takes for operating systems and architectures.
var platforms = map[string]bool{
	"aix": true, "android": true, "darwin": true, "dragonfly": true, "freebsd": true, "illumos": true, "ios": true, "js": true, "linux": true,
	"netbsd": true, "openbsd": true, "plan9": true, "solaris": true, "unix": true, "wasip1": true, "windows": true,
	"386": true, "amd64": true, "arm": true, "arm64": true, "loong64": true, "mips": true, "mipsle": true, "mips64": true, "mips64le": true,
	"ppc64": true, "ppc64le": true, "riscv64": true, "s390x": true, "wasm": true,
}

// hasBody reports whether there is anything to test: a function with a body.
func (s *Source) hasBody() bool {
	body := false
	ast.Inspect(s.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			body = body || n.Body != nil
		case *ast.FuncLit:
			body = true
		}
		return !body
	})
	return body
}
