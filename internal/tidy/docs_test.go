package tidy

import "testing"

func TestExportedNamesWantAComment(t *testing.T) {
	for code, want := range map[string]string{
		"type T struct{}": "T",
		"type (\n\t// A is a.\n\tA int\n\tB int\n)": "B",
		"func F() {}": "F",
		"type t int\nfunc (t) m() {}\ntype V[E any] int // a v\nfunc (*V[E]) M() {}": "M",
		"const C = 1": "C",
		"var V int":   "V",
		"var (\n\t// A is a.\n\tA int\n\tb, C int\n)": "C",
	} {
		found := CheckDocs(read(t, "phy/a.go", "package phy\n"+code+"\n"))
		if len(found) != 1 || found[0].Text != "exported "+want+" has no doc comment" {
			t.Errorf("%q: found %v, want one of %s", code, found, want)
		}
	}
}

func TestWhatHasACommentOrNeedsNoneIsLeftAlone(t *testing.T) {
	for _, code := range []string{
		"// T is a t.\ntype T struct { Field int }\n// M does.\nfunc (T) M() {}",
		"type t int\nfunc (t) M() {}\nfunc (*t) N() {}\nconst c = 1\nfunc f() { type T int }",
		"// Errors of it.\nvar (\n\tErrA = 1\n\tErrB = 2\n)",
		"const (\n\tA = 1 // an a\n\t// B is b.\n\tB = 2\n)",
		"type T int // a t",
	} {
		expect(t, CheckDocs(read(t, "phy/a.go", "package phy\n"+code+"\n")))
	}
	const bare = "package main\nfunc F() {}\n"
	expect(t, CheckDocs(read(t, "cmd/x/a.go", bare, "phy/a_test.go", bare)))
}
