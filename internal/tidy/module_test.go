package tidy

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestReadParsesTheModuleAndOnlyLooksAtTheTextOfNestedOnes(t *testing.T) {
	m := read(t, "a/a.go", "package a", "bench/go.mod", "module bench", "bench/main.go", "package main", "bench/sub/b.go", "package b",
		"a/testdata/x.go", "not Go", ".git/config", "x", ".ci/run", "#!", "a/picture.png", "\x89PNG", "a/program", "\x7fELF\x00", "README.md", "# x")
	var sources, texts []string
	for _, s := range m.Sources {
		sources = append(sources, s.Path)
	}
	for _, x := range m.Texts {
		texts = append(texts, x.Path)
	}
	if want := []string{"a/a.go"}; !slices.Equal(sources, want) {
		t.Errorf("sources %q, want %q", sources, want)
	}
	want := []string{".ci/run", "README.md", "a/a.go", "a/testdata/x.go", "bench/go.mod", "bench/main.go", "bench/sub/b.go", "go.mod"}
	if slices.Sort(texts); !slices.Equal(texts, want) {
		t.Errorf("texts %q, want %q", texts, want)
	}
}

func TestAFileThatIsNotGoIsAnError(t *testing.T) {
	if _, err := Read(fstest.MapFS{"a.go": {Data: []byte("packag a")}}); err == nil {
		t.Error("no error")
	}
}

func TestCheckAppliesEveryRule(t *testing.T) {
	long := "package tcp\nfunc Long() {\n" + string(slices.Repeat([]byte("_ = 1\n"), MaxBody+1)) + "}\n"
	m := read(t, "tcp/go.go", "package tcp\nimport \"smoltls/iface\"\nfunc f() { go iface.F() }\n", "tcp/long.go", long, "tcp/go_test.go", "package tcp",
		"README.md", foreign[0])
	expect(t, m.Check(),
		"README.md:1: "+foreign[0]+" is a path of one machine",
		"tcp/go.go:2: tcp may not import iface",
		"tcp/go.go:3: go statement in a package that is driven by its caller's now alone",
		"tcp/long.go:1: no test beside it: long_test.go",
		"tcp/long.go:2: Long has 71 lines, more than 70",
		"tcp/long.go:2: exported Long has no doc comment")
}
